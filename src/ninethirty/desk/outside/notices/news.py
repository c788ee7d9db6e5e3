"""The producer's news page, kept in WordPress: /wp-json/wp/v2/posts.

developer.wordpress.org: REST API handbook, "Posts" and "Authentication" (application passwords:
the service's account is then the name they belong to), as of 2026-11.
"""

from base64 import b64encode
from typing import Any

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.notices.story import story
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service


class News:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        answer = self._ask(
            "POST",
            "posts",
            json={
                "title": notice.title,
                "content": story(notice),
                "slug": notice.slug,
                "status": "publish",
            },
        )
        return read(answer, lambda made: _posted(made.json()))

    def find(self, notice: Notice) -> Posted | None:
        # WordPress takes a repeated slug as another post, so it must be read before a retry.
        answer = self._ask("GET", "posts", params={"slug": notice.slug})
        found = read(answer, lambda own: [_posted(post) for post in own.json()])
        return found[0] if found else None

    def check(self) -> None:
        self._ask("GET", "users/me", params={"context": "edit"})

    def _ask(self, method: str, what: str, **told: Any) -> Any:
        url = f"{self._service.url}/wp-json/wp/v2/{what}"
        if not self._service.account:
            return ask(method, url, token=self._service.secret, **told)
        pair = b64encode(f"{self._service.account}:{self._service.secret}".encode()).decode()
        return ask(method, url, headers={"Authorization": f"Basic {pair}"}, **told)


def _posted(post: Any) -> Posted:
    return Posted(str(post["id"]), post["link"])
