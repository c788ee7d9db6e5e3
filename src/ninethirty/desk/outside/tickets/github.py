"""Issues of a GitHub repository, REST API 2022-11-28: the service's account is "OWNER/REPOSITORY".

docs.github.com: "REST API endpoints for issues" and "for issue comments", as of 2026-11. GitHub
refuses no second issue, so each carries a mark that readers do not see, and is looked for first.
"""

from hashlib import sha256
from typing import Any

from ninethirty.core.times import Instant
from ninethirty.desk.outside.tickets.port import Comment, Ticket
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
LAST = 100
"""The most that one request lists."""


class GitHub:
    def __init__(self, service: Service) -> None:
        self._service = service

    def open(self, ticket: Ticket) -> str:
        mark = f"<!-- ninethirty {sha256(ticket.key.encode()).hexdigest()} -->"
        params = {"creator": self.check(), "state": "all", "per_page": str(LAST)}
        found = self._ask("GET", self._issues(), params=params)
        opened = read(
            found,
            lambda answer: [
                issue["number"] for issue in answer.json() if mark in (issue["body"] or "")
            ],
        )
        if opened:
            return str(opened[0])
        body = f"{ticket.body}\n\n{mark}"
        made = self._ask("POST", self._issues(), json={"title": ticket.subject, "body": body})
        return read(made, lambda answer: str(answer.json()["number"]))

    def add(self, ticket_id: str, body: str) -> None:
        if not any(comment.body == body for comment in self.comments(ticket_id)):
            self._ask("POST", f"{self._issues()}/{ticket_id}/comments", json={"body": body})

    def comments(self, ticket_id: str) -> list[Comment]:
        us = self.check()
        said = self._ask(
            "GET", f"{self._issues()}/{ticket_id}/comments", params={"per_page": str(LAST)}
        )
        return read(said, lambda answer: [_comment(one, us) for one in answer.json()])

    def check(self) -> str:
        """Our own name there."""
        me = self._ask("GET", "user")
        return read(me, lambda answer: str(answer.json()["login"]))

    def _issues(self) -> str:
        return f"repos/{self._service.account}/issues"

    def _ask(self, method: str, what: str, **told: Any) -> Any:
        url = f"{self._service.url}/{what}"
        return ask(method, url, token=self._service.secret, headers=HEADERS, **told)


def _comment(comment: Any, us: str) -> Comment:
    return Comment(
        id=str(comment["id"]),
        at=Instant.parse(comment["created_at"]),
        body=comment["body"] or "",
        by_us=comment["user"]["login"] == us,
    )
