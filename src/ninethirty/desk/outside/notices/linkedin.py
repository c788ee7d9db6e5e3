"""LinkedIn, Posts API, as an organisation."""

from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.setup import Service

AUTHOR = "urn:li:organization:1"
HEADERS = {"LinkedIn-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}


class LinkedIn:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        answer = ask(
            "POST",
            f"{self._service.url}/rest/posts",
            token=self._service.token,
            headers=HEADERS,
            json={
                "author": AUTHOR,
                "commentary": notice.short,
                "visibility": "PUBLIC",
                "distribution": {"feedDistribution": "MAIN_FEED"},
                "lifecycleState": "PUBLISHED",
            },
        )
        return self._posted(read(answer, lambda made: made.headers["x-restli-id"]))

    def find(self, notice: Notice) -> Posted | None:
        answer = ask(
            "GET",
            f"{self._service.url}/rest/posts",
            token=self._service.token,
            headers=HEADERS,
            params={"q": "author", "author": AUTHOR},
        )
        ours = read(
            answer,
            lambda own: [
                post["id"]
                for post in own.json().get("elements", [])
                if post["commentary"] == notice.short
            ],
        )
        return self._posted(ours[0]) if ours else None

    def _posted(self, id: str) -> Posted:
        return Posted(id, f"{self._service.url}/feed/update/{id}")
