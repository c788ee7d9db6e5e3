"""X, API v2: POST /2/tweets, GET /2/users/me/tweets."""

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask
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
        made = ask("POST", url, token=self._service.token, json=body).json()["data"]
        return Posted(made["id"], f"{self._service.url}/i/web/status/{made['id']}")

    def find(self, notice: Notice) -> Posted | None:
        url = f"{self._service.url}/2/users/me/tweets"
        posts = ask("GET", url, token=self._service.token).json().get("data", [])
        for post in posts:
            if post["text"] == notice.short:
                return Posted(post["id"], f"{self._service.url}/i/web/status/{post['id']}")
        return None
