"""Zendesk, API v2. Tickets are opened with its Idempotency-Key.

developer.zendesk.com: "Tickets", "Ticket Comments" and "Idempotency", as of 2026-11.
"""

from typing import Any

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.times import Instant
from ninethirty.desk.outside.tickets.port import Comment, Ticket
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service


class Zendesk:
    def __init__(self, service: Service) -> None:
        self._service = service

    def check(self) -> None:
        url = f"{self._service.url}/api/v2/users/me.json"
        us = ask("GET", url, token=self._service.secret)
        # Whom it does not know it answers too, as a user without an id.
        if read(us, lambda answer: answer.json()["user"]["id"]) is None:
            raise OutsideFailed(f"{url}: does not know us", retry=False)

    def open(self, ticket: Ticket) -> str:
        made = ask(
            "POST",
            f"{self._service.url}/api/v2/tickets.json",
            token=self._service.secret,
            headers={"Idempotency-Key": ticket.key},
            json={
                "ticket": {
                    "subject": ticket.subject,
                    "comment": {"body": ticket.body},
                    "priority": "urgent",
                }
            },
        )
        return read(made, lambda answer: str(answer.json()["ticket"]["id"]))

    def add(self, ticket_id: str, body: str) -> None:
        # A comment has no key of its own: look whether an earlier attempt left it.
        if any(comment.body == body for comment in self.comments(ticket_id)):
            return
        ask(
            "PUT",
            f"{self._service.url}/api/v2/tickets/{ticket_id}.json",
            token=self._service.secret,
            json={"ticket": {"comment": {"body": body}}},
        )

    def comments(self, ticket_id: str) -> list[Comment]:
        base = f"{self._service.url}/api/v2/tickets/{ticket_id}"
        ticket = ask("GET", f"{base}.json", token=self._service.secret)
        us = read(ticket, lambda answer: answer.json()["ticket"]["requester_id"])
        said = ask("GET", f"{base}/comments.json", token=self._service.secret)
        return read(said, lambda answer: [_comment(one, us) for one in answer.json()["comments"]])


def _comment(comment: Any, us: Any) -> Comment:
    return Comment(
        id=str(comment["id"]),
        at=Instant.parse(comment["created_at"]),
        body=comment["body"],
        by_us=comment["author_id"] == us,
    )
