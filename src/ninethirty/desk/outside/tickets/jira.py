"""Jira Cloud, REST API v2 (which takes plain words): the service's account is "PROJECT:USER".

developer.atlassian.com: "Issues", "Issue search" (/search/jql) and "Issue comments", as of 2026-11.
Jira refuses no second issue, so each carries a label made from its key, and is looked for first.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from ninethirty.core.times import Instant
from ninethirty.desk.outside.tickets.port import Comment, Ticket
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service


class Jira:
    def __init__(self, service: Service) -> None:
        self._url = f"{service.url}/rest/api/2"
        self._project, _, user = service.account.partition(":")
        pair = b64encode(f"{user}:{service.secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}

    def open(self, ticket: Ticket) -> str:
        label = f"ninethirty-{sha256(ticket.key.encode()).hexdigest()[:20]}"
        found = self._ask(
            "GET", "search/jql", params={"jql": f'labels = "{label}"', "fields": "labels"}
        )
        opened = read(found, lambda answer: [issue["key"] for issue in answer.json()["issues"]])
        if opened:
            return str(opened[0])
        made = self._ask(
            "POST",
            "issue",
            json={
                "fields": {
                    "project": {"key": self._project},
                    "issuetype": {"name": "Task"},
                    "summary": ticket.subject,
                    "description": ticket.body,
                    "labels": [label],
                }
            },
        )
        return read(made, lambda answer: str(answer.json()["key"]))

    def add(self, ticket_id: str, body: str) -> None:
        if not any(comment.body == body for comment in self.comments(ticket_id)):
            self._ask("POST", f"issue/{ticket_id}/comment", json={"body": body})

    def comments(self, ticket_id: str) -> list[Comment]:
        us = self.check()
        said = self._ask(
            "GET", f"issue/{ticket_id}/comment", params={"orderBy": "created", "maxResults": "100"}
        )
        return read(said, lambda answer: [_comment(one, us) for one in answer.json()["comments"]])

    def check(self) -> str:
        """Our own account there."""
        me = self._ask("GET", "myself")
        return read(me, lambda answer: str(answer.json()["accountId"]))

    def _ask(self, method: str, what: str, **told: Any) -> Any:
        return ask(method, f"{self._url}/{what}", headers=self._headers, **told)


def _comment(comment: Any, us: str) -> Comment:
    return Comment(
        id=str(comment["id"]),
        at=Instant.parse(comment["created"]),
        body=comment["body"],
        by_us=comment["author"]["accountId"] == us,
    )
