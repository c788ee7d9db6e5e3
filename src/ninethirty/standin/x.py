"""X, API version 2, as far as one account's own posts go."""

import re
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.serving import Reply, Request, as_json
from ninethirty.standin.social import Account, Post

LONGEST = 280
LINK_COUNTS = 23
"""Every link is shortened, and counts the same."""

_LINK = re.compile(r"https?://\S+")
_OWN_POSTS = re.compile(r"/2/users/\w+/tweets")


class X:
    def __init__(self, account: Account, token: str) -> None:
        self._account = account
        self._token = token

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token):
            return _problem(401, "Unauthorized", "Unauthorized")
        if request.method == "POST" and request.path == "/2/tweets":
            return self._post(request)
        if request.method == "GET" and _OWN_POSTS.fullmatch(request.path):
            data = [_shown(post) for post in self._account.posts()]
            return as_json(200, {"data": data, "meta": {"result_count": len(data)}})
        return _problem(404, "Not Found", f"nothing at {request.path}")

    def _post(self, request: Request) -> Reply:
        match request.document():
            case {"text": str(text), **more} if text:
                pass
            case _:
                return _problem(400, "Invalid Request", "text is missing")
        if counted(text) > LONGEST:
            return _problem(400, "Invalid Request", f"text is longer than {LONGEST}")
        match more:
            case {"reply": {"in_reply_to_tweet_id": str(reply_to)}}:
                post = self._account.post(text, unique=True, reply_to=reply_to)
            case _:
                post = self._account.post(text, unique=True)
        if post is None:
            detail = "You are not allowed to create a Tweet with duplicate content."
            return _problem(403, "Forbidden", detail)
        return as_json(201, {"data": _shown(post)})


def counted(text: str) -> int:
    return len(_LINK.sub("-" * LINK_COUNTS, text))


def _shown(post: Post) -> dict[str, Any]:
    return {"id": post.id, "text": post.text}


def _problem(status: int, title: str, detail: str) -> Reply:
    body = {"title": title, "detail": detail, "type": "about:blank", "status": status}
    return as_json(status, body, {"Content-Type": "application/problem+json"})
