"""LinkedIn's Posts API, as far as one account's own posts go. It accepts the same words twice."""

import re
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.social import Account, Post

POSTS = "/rest/posts"
PROTOCOL = "2.0.0"
OLDEST = "202511"
"""Versions before this are no longer served."""

RESERVED = r"|{}@[]()<>#*_~"
"""In a commentary each of these is markup, unless a backslash stands before it."""

WANTED = ("author", "commentary", "visibility", "distribution", "lifecycleState")

_VERSION = re.compile(r"20\d\d(0[1-9]|1[0-2])")


class LinkedIn:
    def __init__(self, account: Account, token: str) -> None:
        self._account = account
        self._token = token

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token):
            return _problem(401, "INVALID_ACCESS_TOKEN", "the access token is wrong or missing")
        version = request.headers.get("linkedin-version", "")
        if not _VERSION.fullmatch(version):
            return _problem(400, "VERSION_MISSING", "LinkedIn-Version is a year and month: YYYYMM")
        if version < OLDEST:
            return _problem(426, "NONEXISTENT_VERSION", f"version {version} is not active")
        if request.headers.get("x-restli-protocol-version") != PROTOCOL:
            return _problem(400, "PROTOCOL_MISSING", f"X-Restli-Protocol-Version is {PROTOCOL}")
        if request.path == POSTS and request.method == "POST":
            return self._post(request.document() or {})
        if request.path == POSTS and request.method == "GET" and request.asked("q") == "author":
            return self._by_author(request.asked("author"))
        return _problem(404, "NOT_FOUND", f"nothing at {request.path}")

    def _post(self, document: dict[str, Any]) -> Reply:
        missing = [name for name in WANTED if not document.get(name)]
        if missing:
            return _problem(422, "MISSING_FIELD", f"missing: {', '.join(missing)}")
        details = {name: document[name] for name in WANTED}
        said = plain(str(document["commentary"]))
        if said is None:
            return _problem(422, "INVALID_COMMENTARY", f"reserved and not escaped: {RESERVED}")
        post = self._account.post(said, details=details)
        return Reply(201, headers={"x-restli-id": post.id})

    def _by_author(self, author: str | None) -> Reply:
        posts = [post for post in self._account.posts() if post.details["author"] == author]
        elements = [_shown(post) for post in posts]
        return as_json(200, {"elements": elements, "paging": {"start": 0, "count": len(posts)}})


def plain(little: str) -> str | None:
    """What readers see of a commentary; None if it has markup, which our users never write."""
    pieces = re.split(r"\\(.)", little)
    if any(mark in piece for piece in pieces[::2] for mark in RESERVED):
        return None
    return "".join(pieces)


def _shown(post: Post) -> dict[str, Any]:
    return {"id": post.id, **post.details}


def _problem(status: int, code: str, message: str) -> Reply:
    return as_json(status, {"status": status, "code": code, "message": message})
