"""A Mastodon server, as far as one account's own posts go.

It gives words back as Mastodon does: as HTML, links in three pieces. A repeated Idempotency-Key
gets the post that is there.
"""

import re
import threading
from html import escape
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.social import Account, Post

API = "/api/v1"
ME = "109000000000000001"
LONGEST = 500
LINK_COUNTS = 23

_LINK = re.compile(r"(https?://)(\S{1,30})(\S*)")


class Mastodon:
    def __init__(self, account: Account, token: str) -> None:
        self._account = account
        self._token = token
        self._by_key: dict[str, Post] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token):
            return _error(401, "The access token is invalid")
        match (request.method, request.path):
            case ("GET", "/api/v1/accounts/verify_credentials"):
                return as_json(200, {"id": ME, "username": "producer"})
            case ("GET", path) if path == f"{API}/accounts/{ME}/statuses":
                most = int(request.asked("limit") or 20)
                posts = self._account.posts()[:most]
                return as_json(200, [_shown(post, request.site) for post in posts])
            case ("POST", "/api/v1/statuses"):
                return self._post(request)
            case _:
                return _error(404, "Record not found")

    def _post(self, request: Request) -> Reply:
        told = request.document() or {}
        text = told.get("status")
        if not isinstance(text, str) or not text:
            return _error(422, "Validation failed: Text can't be blank")
        if len(_LINK.sub("-" * LINK_COUNTS, text)) > LONGEST:
            return _error(422, f"Validation failed: Text character limit of {LONGEST} exceeded")
        key = request.headers.get("idempotency-key", "")
        with self._lock:
            post = self._by_key.get(key) if key else None
            if post is None:
                details = {"visibility": told.get("visibility", "public")}
                reply_to = told.get("in_reply_to_id")
                post = self._account.post(text, reply_to=reply_to, details=details)
                self._by_key[key] = post
        return as_json(200, _shown(post, request.site))


def _shown(post: Post, site: str) -> dict[str, Any]:
    return {
        "id": post.id,
        "url": f"{site}/@producer/{post.id}",
        "content": f"<p>{_html(post.text)}</p>",
        "visibility": post.details["visibility"],
    }


def _html(text: str) -> str:
    def link(found: re.Match[str]) -> str:
        whole, scheme, shown, rest = (escape(found[n], quote=False) for n in range(4))
        return (
            f'<a href="{whole}" rel="nofollow noopener"><span class="invisible">{scheme}</span>'
            f'<span class="ellipsis">{shown}</span><span class="invisible">{rest}</span></a>'
        )

    pieces = re.split(r"(https?://\S+)", text)
    return "".join(
        _LINK.sub(link, piece) if n % 2 else escape(piece, quote=False)
        for n, piece in enumerate(pieces)
    )


def _error(status: int, why: str) -> Reply:
    return as_json(status, {"error": why})
