"""X, API v2. POST /2/tweets makes a post; our own are read from /2/users/ID/tweets.

docs.x.com: "Create Post", "Get my User" and "Get Posts", as of 2026-11.
"""

from html import unescape
from typing import Any

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service

LAST = 100
"""The most posts that one request lists; more of ours since T there cannot be."""


class X:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        body: dict[str, object] = {"text": notice.short}
        if notice.answers:
            body["reply"] = {"in_reply_to_tweet_id": notice.answers}
        answer = self._ask("POST", "/2/tweets", json=body)
        return self._posted(read(answer, lambda made: made.json()["data"]["id"]))

    def find(self, notice: Notice) -> Posted | None:
        listed = self._ask(
            "GET",
            f"/2/users/{self.check()}/tweets",
            params={"max_results": str(LAST), "tweet.fields": "entities"},
        )
        ours = read(
            listed,
            lambda own: [
                post["id"] for post in own.json().get("data", []) if _words(post) == notice.short
            ],
        )
        return self._posted(ours[0]) if ours else None

    def check(self) -> str:
        """Our own id there."""
        me = self._ask("GET", "/2/users/me")
        return read(me, lambda answer: str(answer.json()["data"]["id"]))

    def _ask(self, method: str, path: str, **told: Any) -> Any:
        return ask(method, f"{self._service.url}{path}", token=self._service.secret, **told)

    def _posted(self, id: str) -> Posted:
        return Posted(id, f"{self._service.public}/i/web/status/{id}")


def _words(post: Any) -> str:
    """As we wrote them: X gives & < > as entities, and every link shortened."""
    words: str = unescape(post["text"])
    for link in post.get("entities", {}).get("urls", []):
        words = words.replace(link["url"], link["expanded_url"])
    return words
