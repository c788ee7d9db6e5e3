"""A room of Slack or Teams, by its incoming webhook: it takes what comes, as often as it comes."""

from typing import Any

from ninethirty.standin.exchange import Reply, Request
from ninethirty.standin.social import Account


class Room:
    def __init__(self, account: Account, secret: str) -> None:
        self._account = account
        self._secret = secret

    def __call__(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != f"/{self._secret}":
            return Reply(404, b"no_service")
        match request.document():
            case {"text": str(text)} if text:
                self._account.post(text)
                return Reply(200, b"ok")
            case {"type": "message", "attachments": [{"contentType": kind, "content": card}]} if (
                kind == "application/vnd.microsoft.card.adaptive"
            ):
                self._account.post(_words(card))
                return Reply(202)
            case _:
                return Reply(400, b"invalid_payload")


def _words(card: dict[str, Any]) -> str:
    return "\n".join(block["text"] for block in card["body"])
