"""LinkedIn's Posts API, as far as one author's posts go. It accepts the same words twice."""

import re
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.serving import Reply, Request, as_json
from ninethirty.standin.social import Account

POSTS = "/rest/posts"
PROTOCOL = "2.0.0"
WANTED = ("author", "commentary", "visibility", "distribution", "lifecycleState")

_VERSION = re.compile(r"20\d\d(0[1-9]|1[0-2])")


class LinkedIn:
    def __init__(self, account: Account, token: str) -> None:
        self._account = account
        self._token = token
        self._details: dict[str, dict[str, Any]] = {}

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token):
            return _problem(401, "INVALID_ACCESS_TOKEN", "the access token is wrong or missing")
        if not _VERSION.fullmatch(request.headers.get("linkedin-version", "")):
            return _problem(400, "VERSION_MISSING", "LinkedIn-Version must be a YYYYMM")
        if request.headers.get("x-restli-protocol-version") != PROTOCOL:
            return _problem(400, "PROTOCOL_MISSING", f"X-Restli-Protocol-Version is {PROTOCOL}")
        if request.path == POSTS and request.method == "POST":
            return self._post(request)
        if request.path == POSTS and request.method == "GET" and request.asked("q") == "author":
            return self._by_author(request.asked("author"))
        return _problem(404, "NOT_FOUND", f"nothing at {request.path}")

    def _post(self, request: Request) -> Reply:
        document = request.document() or {}
        missing = [name for name in WANTED if not document.get(name)]
        if missing:
            return _problem(422, "MISSING_FIELD", f"missing: {', '.join(missing)}")
        post = self._account.post(str(document["commentary"]), unique=False)
        assert post is not None
        return Reply(201, headers={"x-restli-id": post.id})
