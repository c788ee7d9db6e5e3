"""Issues of one GitHub repository."""

import re
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.ticket import Comment, Ticket
from ninethirty.standin.tracker import Tracker

REPOSITORY = "platform-example/site"
ISSUES = f"/repos/{REPOSITORY}/issues"
US = "user-101"

_COMMENTS = re.compile(rf"{ISSUES}/(\d+)/comments")


class GitHub:
    def __init__(self, tracker: Tracker, token: str) -> None:
        self._tracker = tracker
        self._token = token

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token):
            return _error(401, "Bad credentials")
        comments = _COMMENTS.fullmatch(request.path)
        document = request.document() or {}
        try:
            match request.method, request.path:
                case "GET", "/user":
                    return as_json(200, {"login": US})
                case "GET", path if path == ISSUES:
                    mine = self._tracker.tickets() if request.asked("creator") == US else []
                    return as_json(200, [_issue(ticket) for ticket in reversed(mine)])
                case "POST", path if path == ISSUES:
                    if not document.get("title"):
                        return _error(422, "Validation Failed")
                    ticket = self._tracker.open(document["title"], document.get("body", ""), {})
                    return as_json(201, _issue(ticket))
                case "GET", _ if comments:
                    said = self._tracker.comments(int(comments[1]))
                    return as_json(200, [_shown(comment) for comment in said])
                case "POST", _ if comments:
                    if not document.get("body"):
                        return _error(422, "Validation Failed")
                    return as_json(
                        201, _shown(self._tracker.add(int(comments[1]), document["body"]))
                    )
        except KeyError:
            pass
        return _error(404, "Not Found")


def _issue(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.id,
        "title": ticket.fields["subject"],
        "body": ticket.said[0].body,
        "user": {"login": US},
        "created_at": ticket.raised.text(),
    }


def _shown(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "body": comment.body,
        "created_at": comment.made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "user": {"login": f"user-{comment.author}"},
    }


def _error(status: int, why: str) -> Reply:
    return as_json(status, {"message": why, "status": str(status)})
