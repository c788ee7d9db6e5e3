"""The platform's help desk, spoken to as Zendesk is. `silent`: it takes the call and says nothing.

Nobody works here between requests: what the agents said is worked out from the time when asked, and
goes into the log when somebody first could have read it.
"""

import hashlib
import re
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ninethirty.core.times import Clock, Instant
from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, Silence, as_json
from ninethirty.standin.log import Log
from ninethirty.standin.ticket import REQUESTER, Comment, Habits, Ticket, answers, conversation

API = "/api/v2/tickets"
ME = "/api/v2/users/me.json"
KEY_KEPT = timedelta(hours=24)

_ONE = re.compile(API + r"/(\d+)(/comments)?\.json")


@dataclass(frozen=True)
class Used:
    """An idempotency key, and what it was used for."""

    payload: str
    ticket: int
    at: Instant


class HelpDesk:
    def __init__(
        self, *, token: str, seed: int, habits: Habits, silent: bool, clock: Clock, log: Log
    ) -> None:
        self._token = token
        self._first = 1001 + 10_000 * seed
        self._habits = habits
        self._silent = silent
        self._clock = clock
        self._log = log
        self._tickets: dict[int, Ticket] = {}
        self._keys: dict[str, Used] = {}
        self._logged: set[int] = set()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply | Silence:
        with self._lock:
            now = self._clock.now()
            if self._silent:
                self._log.write(now, "ignored", method=request.method, path=request.path)
                return Silence()
            self._log_answers(now)
            if not carries(request, self._token, basic=True):
                return as_json(401, {"error": "Couldn't authenticate you"})
            if request.path == f"{API}.json" and request.method == "POST":
                return self._raise(request, now)
            if request.path == ME and request.method == "GET":
                return as_json(200, {"user": {"id": REQUESTER}})
            one = _ONE.fullmatch(request.path)
            ticket = self._tickets.get(int(one[1])) if one else None
            if one is None or ticket is None:
                return _refusal(404, "RecordNotFound", "no such ticket")
            match request.method, one[2]:
                case "GET", None:
                    return as_json(200, {"ticket": _shown(ticket, request.site)})
                case "GET", _:
                    return self._comments(ticket, now)
                case "PUT", None:
                    return self._add(ticket, request, now)
                case _:
                    return _refusal(405, "MethodNotAllowed", request.method)

    def _raise(self, request: Request, now: Instant) -> Reply:
        key = request.headers.get("idempotency-key")
        payload = hashlib.sha256(request.body).hexdigest()
        used = self._keys.get(key) if key else None
        if used and now - used.at < KEY_KEPT:
            if used.payload != payload:
                what = "this idempotency key belongs to another request"
                return _refusal(400, "IdempotentRequestError", what)
            ticket = self._tickets[used.ticket]
            return _raised(ticket, request.site, {"x-idempotency-lookup": "hit"})
        match request.document():
            case {"ticket": {"subject": str(), "comment": {"body": str(body)}} as fields}:
                ticket = self._new(fields, body, now)
            case _:
                return _refusal(422, "RecordInvalid", "a ticket needs a subject and a comment")
        if key is None:
            return _raised(ticket, request.site, {})
        self._keys[key] = Used(payload, ticket.id, now)
        return _raised(ticket, request.site, {"x-idempotency-lookup": "miss"})

    def _new(self, fields: dict[str, Any], body: str, now: Instant) -> Ticket:
        number = self._first + len(self._tickets)
        kept = {name: value for name, value in fields.items() if name != "comment"}
        description = Comment(number * 1000, REQUESTER, body, now)
        ticket = Ticket(number, now, kept, (description,))
        self._tickets[number] = ticket
        self._log.write(now, "ticket", id=number, subject=fields["subject"], body=body, fields=kept)
        return ticket

    def _add(self, ticket: Ticket, request: Request, now: Instant) -> Reply:
        match request.document():
            case {"ticket": {"comment": {"body": str(body)}}}:
                pass
            case _:
                return _refusal(422, "RecordInvalid", "only a comment can be added")
        comment = Comment(ticket.id * 1000 + len(ticket.said), REQUESTER, body, now)
        ticket = replace(ticket, said=(*ticket.said, comment))
        self._tickets[ticket.id] = ticket
        self._log_comment(ticket, comment)
        return as_json(200, {"ticket": _shown(ticket, request.site)})

    def _comments(self, ticket: Ticket, now: Instant) -> Reply:
        comments = [
            {
                "id": comment.id,
                "author_id": comment.author,
                "body": comment.body,
                "created_at": comment.made.text(),
                "public": True,
            }
            for comment in conversation(ticket, self._habits, now)
        ]
        return as_json(200, {"comments": comments, "count": len(comments)})

    def _log_answers(self, now: Instant) -> None:
        for ticket in self._tickets.values():
            for comment in answers(ticket, self._habits, now):
                if comment.id not in self._logged:
                    self._logged.add(comment.id)
                    self._log_comment(ticket, comment)

    def _log_comment(self, ticket: Ticket, comment: Comment) -> None:
        author = "requester" if comment.author == REQUESTER else "agent"
        self._log.write(
            comment.made,
            "comment",
            ticket=ticket.id,
            id=comment.id,
            author=author,
            body=comment.body,
        )


def _raised(ticket: Ticket, site: str, headers: dict[str, str]) -> Reply:
    return as_json(201, {"ticket": _shown(ticket, site)}, headers)


def _shown(ticket: Ticket, site: str) -> dict[str, Any]:
    return {
        **ticket.fields,
        "id": ticket.id,
        "url": f"{site}{API}/{ticket.id}.json",
        "status": "open",
        "description": ticket.said[0].body,
        "requester_id": REQUESTER,
        "created_at": ticket.raised.text(),
    }


def _refusal(status: int, error: str, description: str) -> Reply:
    return as_json(status, {"error": error, "description": description})
