"""The producer's news page, kept in WordPress: /wp-json/wp/v2/posts."""

from html import escape
from typing import Any

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.setup import Service


class News:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._posts = f"{service.url}/wp-json/wp/v2/posts"

    def post(self, notice: Notice) -> Posted:
        words = escape(notice.short).replace(
            escape(notice.link), f'<a href="{escape(notice.link)}">{escape(notice.link)}</a>'
        )
        answer = ask(
            "POST",
            self._posts,
            token=self._service.token,
            json={
                "title": notice.title,
                "content": f"<p>{words}</p>",
                "slug": notice.slug,
                "status": "publish",
            },
        )
        return read(answer, lambda made: _posted(made.json()))

    def find(self, notice: Notice) -> Posted | None:
        # WordPress takes a repeated slug as another post, so it must be read before a retry.
        answer = ask("GET", self._posts, token=self._service.token, params={"slug": notice.slug})
        found = read(answer, lambda own: [_posted(post) for post in own.json()])
        return found[0] if found else None


def _posted(post: Any) -> Posted:
    return Posted(str(post["id"]), post["link"])
