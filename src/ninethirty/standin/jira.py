"""Jira Cloud, as far as one project's issues go."""

import re
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.ticket import Comment
from ninethirty.standin.tracker import Tracker

API = "/rest/api/2/"
PROJECT = "OPS"

_LABEL = re.compile(r'labels = "([\w-]+)"')
_COMMENTS = re.compile(rf"issue/{PROJECT}-(\d+)/comment")


class Jira:
    def __init__(self, tracker: Tracker, token: str) -> None:
        self._tracker = tracker
        self._token = token

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token, basic=True):
            return _error(401, "Client must be authenticated to access this resource.")
        what = request.path.removeprefix(API)
        comments = _COMMENTS.fullmatch(what)
        try:
            match request.method, what:
                case "GET", "myself":
                    return as_json(200, {"accountId": "account-101"})
                case "GET", "search/jql":
                    return self._search(request.asked("jql") or "")
                case "POST", "issue":
                    return self._create(request.document())
                case "GET", _ if comments:
                    said = self._tracker.comments(int(comments[1]))
                    return as_json(200, {"comments": [_shown(one) for one in said]})
                case "POST", _ if comments:
                    body = (request.document() or {}).get("body")
                    if not isinstance(body, str) or not body:
                        return _error(400, "Comment body can not be empty!")
                    return as_json(201, _shown(self._tracker.add(int(comments[1]), body)))
        except KeyError:
            pass
        return _error(404, "Issue does not exist or you do not have permission to see it.")

    def _create(self, document: dict[str, Any] | None) -> Reply:
        match document:
            case {
                "fields": {
                    "project": {"key": "OPS"},
                    "issuetype": {"name": str()},
                    "summary": str(summary),
                    "description": str(description),
                    **more,
                }
            } if 0 < len(summary) <= 255 and "\n" not in summary:
                labels = more.get("labels", [])
                ticket = self._tracker.open(summary, description, {"labels": labels})
                return as_json(201, {"id": str(ticket.id), "key": f"{PROJECT}-{ticket.id}"})
            case _:
                return _error(400, "project, issuetype, summary or description is wrong")

    def _search(self, query: str) -> Reply:
        wanted = _LABEL.fullmatch(query)
        if wanted is None:
            return _error(400, "Error in the JQL Query")
        found = [one for one in self._tracker.tickets() if wanted[1] in one.fields["labels"]]
        issues = [{"id": str(one.id), "key": f"{PROJECT}-{one.id}"} for one in found]
        return as_json(200, {"issues": issues, "isLast": True})


def _shown(comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.id),
        "body": comment.body,
        "created": comment.made.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "author": {"accountId": f"account-{comment.author}"},
    }


def _error(status: int, why: str) -> Reply:
    return as_json(status, {"errorMessages": [why], "errors": {}})
