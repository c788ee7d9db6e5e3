"""X, API v2: POST /2/tweets, GET /2/users/me/tweets."""

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.setup import Service

LIMIT = 280


class X:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        body: dict[str, object] = {"text": notice.short}
        if notice.answers:
            body["reply"] = {"in_reply_to_tweet_id": notice.answers}
        url = f"{self._service.url}/2/tweets"
        answer = ask("POST", url, token=self._service.token, json=body)
        return self._posted(read(answer, lambda made: made.json()["data"]["id"]))

    def find(self, notice: Notice) -> Posted | None:
        url = f"{self._service.url}/2/users/me/tweets"
        answer = ask("GET", url, token=self._service.token)
        ours = read(
            answer,
            lambda own: [
                post["id"] for post in own.json().get("data", []) if post["text"] == notice.short
            ],
        )
        return self._posted(ours[0]) if ours else None

    def _posted(self, id: str) -> Posted:
        return Posted(id, f"{self._service.url}/i/web/status/{id}")
