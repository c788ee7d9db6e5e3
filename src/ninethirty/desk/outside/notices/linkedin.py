"""LinkedIn, Posts API, as an organisation: its URN is the service's account.

learn.microsoft.com/linkedin: "Posts API" and "little Text Format", as of 2026-11.
"""

import re
from typing import Any

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service

VERSION = "202610"
"""A version is taken for a year at least; after it LinkedIn answers 426, which a check finds."""

LAST = 100

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
"""Would be markup in a commentary, unless a backslash stands before it."""


class LinkedIn:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        answer = self._ask(
            "POST",
            json={
                "author": self._service.account,
                "commentary": _little(notice.short),
                "visibility": "PUBLIC",
                "distribution": {"feedDistribution": "MAIN_FEED"},
                "lifecycleState": "PUBLISHED",
            },
        )
        return self._posted(read(answer, lambda made: made.headers["x-restli-id"]))

    def find(self, notice: Notice) -> Posted | None:
        wanted = _little(notice.short)
        ours = [post["id"] for post in self._own(LAST) if post["commentary"] == wanted]
        return self._posted(ours[0]) if ours else None

    def check(self) -> None:
        self._own(1)

    def _own(self, count: int) -> list[Any]:
        params = {"q": "author", "author": self._service.account, "count": str(count)}
        answer = self._ask("GET", params=params, headers={"X-RestLi-Method": "FINDER"})
        return read(answer, lambda own: list(own.json().get("elements", [])))

    def _ask(self, method: str, *, headers: dict[str, str] | None = None, **told: Any) -> Any:
        known = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
        return ask(
            method,
            f"{self._service.url}/rest/posts",
            token=self._service.secret,
            headers={**known, **(headers or {})},
            **told,
        )

    def _posted(self, id: str) -> Posted:
        return Posted(id, f"{self._service.public}/feed/update/{id}")


def _little(words: str) -> str:
    return _RESERVED.sub(lambda found: f"\\{found[0]}", words)
