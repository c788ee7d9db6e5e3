"""A room of Slack or Teams, by its incoming webhook.

docs.slack.dev: "Sending messages using incoming webhooks"; learn.microsoft.com/microsoftteams:
"Incoming Webhooks" by Workflows (adaptive cards), as of 2026-11. Neither shows what was posted, nor
refuses a second one: after an attempt of which nothing is known, a person has to look.
"""

from typing import Any

from ninethirty.desk.outside.notices.port import Notice, Posted, unreadable
from ninethirty.desk.outside.web import ask
from ninethirty.desk.service import Service


class Room:
    """The address is the secret: whoever has it can post. So it is the service's token."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        ask("POST", self._service.secret, named=self._service.url, json=self._message(notice))
        return Posted(notice.slug)

    def find(self, notice: Notice) -> Posted | None:
        raise unreadable(self._service.url, notice)

    def check(self) -> None:
        """Nothing can be asked of a webhook without posting."""

    def _message(self, notice: Notice) -> dict[str, Any]:
        raise NotImplementedError


class Slack(Room):
    def _message(self, notice: Notice) -> dict[str, Any]:
        # Slack's own markup begins with these three, and with nothing else.
        words = notice.short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return {"text": words}


class Teams(Room):
    def _message(self, notice: Notice) -> dict[str, Any]:
        body = [
            {"type": "TextBlock", "text": notice.title, "weight": "Bolder", "wrap": True},
            {"type": "TextBlock", "text": notice.short, "wrap": True},
        ]
        card: dict[str, Any] = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": body,
            "actions": [{"type": "Action.OpenUrl", "title": "Read it", "url": notice.link}],
        }
        kind = "application/vnd.microsoft.card.adaptive"
        attached = {"contentType": kind, "contentUrl": None, "content": card}
        return {"type": "message", "attachments": [attached]}
