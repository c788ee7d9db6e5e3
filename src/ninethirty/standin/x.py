"""X, API version 2, as far as one account's own posts go. It refuses the same words twice.

It gives words back as X does: links shortened, and & < > as entities.
"""

import re
from hashlib import sha256
from html import escape
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.social import Account, Post, Repeated

LONGEST = 280
LINK_COUNTS = 23
"""Every link is shortened, and counts the same."""

_LINK = re.compile(r"https?://\S+")
ME = "7000000001"


class X:
    def __init__(self, account: Account, token: str) -> None:
        self._account = account
        self._token = token

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token):
            return _problem(401, "Unauthorized", "Unauthorized")
        if request.method == "POST" and request.path == "/2/tweets":
            return self._post(request.document())
        if request.method == "GET" and request.path == "/2/users/me":
            return as_json(200, {"data": {"id": ME, "name": "Producer", "username": "producer"}})
        if request.method == "GET" and request.path == f"/2/users/{ME}/tweets":
            most = int(request.asked("max_results") or 10)
            fields = (request.asked("tweet.fields") or "").split(",")
            data = [_shown(post, fields) for post in self._account.posts()[:most]]
            return as_json(200, {"data": data, "meta": {"result_count": len(data)}})
        return _problem(404, "Not Found", f"nothing at {request.path}")

    def _post(self, document: dict[str, Any] | None) -> Reply:
        match document:
            case {"text": str(text), "reply": {"in_reply_to_tweet_id": str(reply_to)}} if text:
                return self._accept(text, reply_to)
            case {"text": str(text)} if text:
                return self._accept(text, None)
            case _:
                return _problem(400, "Invalid Request", "text is missing")

    def _accept(self, text: str, reply_to: str | None) -> Reply:
        if counted(text) > LONGEST:
            return _problem(400, "Invalid Request", f"text is longer than {LONGEST}")
        try:
            post = self._account.post(text, unique=True, reply_to=reply_to)
        except Repeated:
            return _problem(403, "Forbidden", "text is duplicate content of an earlier Tweet")
        return as_json(201, {"data": _shown(post, [])})


def counted(text: str) -> int:
    """Characters as the limit counts them."""
    return len(_LINK.sub("-" * LINK_COUNTS, text))


def _shown(post: Post, fields: list[str]) -> dict[str, Any]:
    links = {link: _shortened(link) for link in _LINK.findall(post.text)}
    text = post.text
    for link, short in links.items():
        text = text.replace(link, short)
    shown: dict[str, Any] = {"id": post.id, "text": escape(text, quote=False)}
    if "entities" in fields and links:
        urls = [{"url": short, "expanded_url": link} for link, short in links.items()]
        shown["entities"] = {"urls": urls}
    return shown


def _shortened(link: str) -> str:
    return f"https://t.example/{sha256(link.encode()).hexdigest()[:10]}"


def _problem(status: int, title: str, detail: str) -> Reply:
    body = {"title": title, "detail": detail, "type": "about:blank", "status": status}
    return as_json(status, body, {"Content-Type": "application/problem+json"})
