"""Mastodon, API v1: POST /api/v1/statuses with an Idempotency-Key.

docs.joinmastodon.org: "statuses API methods" and "accounts API methods", for 4.x, as of 2026-11.
The key is remembered for an hour only, so we read back before a retry all the same.
"""

import re
from html import unescape
from typing import Any

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service

LAST = 40
"""The most that one request lists."""


class Mastodon:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        body = {"status": notice.short, "visibility": "public", "language": notice.language}
        if notice.answers:
            body["in_reply_to_id"] = notice.answers
        key = {"Idempotency-Key": notice.slug}
        made = self._ask("POST", "statuses", json=body, headers=key)
        return read(made, lambda answer: _posted(answer.json()))

    def find(self, notice: Notice) -> Posted | None:
        listed = self._ask(
            "GET",
            f"accounts/{self.check()}/statuses",
            params={"limit": str(LAST), "exclude_reblogs": "true"},
        )
        ours = read(
            listed,
            lambda own: [
                _posted(status) for status in own.json() if _words(status) == notice.short
            ],
        )
        return ours[0] if ours else None

    def check(self) -> str:
        """Our own id there."""
        me = self._ask("GET", "accounts/verify_credentials")
        return read(me, lambda answer: str(answer.json()["id"]))

    def _ask(self, method: str, what: str, **told: Any) -> Any:
        url = f"{self._service.url}/api/v1/{what}"
        return ask(method, url, token=self._service.secret, **told)


def _posted(status: Any) -> Posted:
    return Posted(str(status["id"]), status["url"])


def _words(status: Any) -> str:
    """As we wrote them: what comes back is HTML, with every link in three pieces."""
    return unescape(re.sub(r"<[^>]*>", "", status["content"]))
