"""The producer's own news site: WordPress's REST API to write, plain pages to read.

It is an address the producer can write to when the platform cannot be relied on. Like WordPress it
never refuses a slug that is taken; it appends a number. A client that repeats itself makes two.
"""

import re
import threading
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any

from ninethirty.core.times import Clock, Instant
from ninethirty.standin.access import carries
from ninethirty.standin.card import card
from ninethirty.standin.exchange import Reply, Request, as_json, as_page
from ninethirty.standin.log import Log
from ninethirty.standin.pages import page

API = "/wp-json/wp/v2/posts"
ME = "/wp-json/wp/v2/users/me"
SITE = "Producer example"

_UPDATE = re.compile(API + r"/(\d+)")


@dataclass(frozen=True)
class Story:
    id: int
    slug: str
    title: str
    content: str
    status: str
    written: Instant

    @property
    def is_public(self) -> bool:
        return self.status == "publish"


class News:
    def __init__(self, *, token: str, seed: int, clock: Clock, log: Log) -> None:
        self._token = token
        self._first = 101 + 1000 * seed
        self._clock = clock
        self._log = log
        self._stories: dict[int, Story] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        if request.path.startswith(API):
            return self._api(request)
        if request.path == ME:
            if carries(request, self._token, basic=True):
                return as_json(200, {"id": 1, "name": "Press office"})
            return _refusal(401, "rest_not_logged_in", "You are not currently logged in.")
        if request.method not in {"GET", "HEAD"}:
            return Reply(405, headers={"Allow": "GET, HEAD"})
        return self._page(request.path)

    def _api(self, request: Request) -> Reply:
        may_write = carries(request, self._token, basic=True)
        if request.method == "GET" and request.path == API:
            return self._list(request, drafts=may_write)
        if not may_write:
            return _refusal(401, "rest_cannot_create", "wrong or missing credentials")
        update = _UPDATE.fullmatch(request.path)
        if request.method == "POST" and request.path == API:
            return self._create(request)
        if request.method in {"POST", "PUT"} and update:
            return self._update(request, int(update[1]))
        return _refusal(404, "rest_no_route", f"nothing at {request.path}")

    def _list(self, request: Request, *, drafts: bool) -> Reply:
        slug = request.asked("slug")
        stories = [
            story
            for story in self._newest_first()
            if (story.is_public or drafts) and slug in {None, story.slug}
        ]
        return as_json(200, [_shown(story, request.site) for story in stories])

    def _create(self, request: Request) -> Reply:
        sent = _fields(request.document())
        if not sent.get("title") or not sent.get("content"):
            return _refusal(400, "empty_content", "title and content are needed")
        with self._lock:
            story = Story(
                id=self._first + len(self._stories),
                slug=self._free(sent.get("slug") or _slug(sent["title"])),
                title=sent["title"],
                content=sent["content"],
                status=sent.get("status", "draft"),
                written=self._clock.now(),
            )
            self._stories[story.id] = story
        self._note("post", story, story.written, request.site)
        return as_json(201, _shown(story, request.site))

    def _update(self, request: Request, number: int) -> Reply:
        sent = _fields(request.document())
        with self._lock:
            story = self._stories.get(number)
            if story is None:
                return _refusal(404, "rest_post_invalid_id", f"no post {number}")
            # The slug is left alone: an address once given stays.
            story = replace(
                story,
                title=sent.get("title", story.title),
                content=sent.get("content", story.content),
                status=sent.get("status", story.status),
            )
            self._stories[number] = story
            now = self._clock.now()
        self._note("update", story, now, request.site)
        return as_json(200, _shown(story, request.site))

    def _note(self, what: str, story: Story, at: Instant, site: str) -> None:
        self._log.write(
            at,
            what,
            channel="news",
            id=story.id,
            text=story.content,
            reply_to=None,
            title=story.title,
            slug=story.slug,
            link=_link(story, site),
            status=story.status,
            card=card(unescape(story.content)),
        )

    def _page(self, path: str) -> Reply:
        public = [story for story in self._newest_first() if story.is_public]
        if path == "/news":
            items = "".join(
                f'<li><a href="/news/{story.slug}">{escape(story.title)}</a></li>'
                for story in public
            )
            return as_page(200, page(SITE, "News", f"<h1>News</h1><ul>{items}</ul>"))
        for story in public:
            if path == f"/news/{story.slug}":
                main = f"<h1>{escape(story.title)}</h1>{story.content}"
                return as_page(200, page(SITE, story.title, main))
        return as_page(404, page(SITE, "Page not found", "<h1>Page not found</h1>"))

    def _newest_first(self) -> list[Story]:
        with self._lock:
            return list(self._stories.values())[::-1]

    def _free(self, slug: str) -> str:
        taken = {story.slug for story in self._stories.values()}
        free, n = slug, 1
        while free in taken:
            n += 1
            free = f"{slug}-{n}"
        return free


def _fields(document: dict[str, Any] | None) -> dict[str, str]:
    names = ("title", "content", "slug", "status")
    return {name: str(document[name]) for name in names if name in document} if document else {}


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _link(story: Story, site: str) -> str:
    return f"{site}/news/{story.slug}"


def _shown(story: Story, site: str) -> dict[str, Any]:
    return {
        "id": story.id,
        "date_gmt": story.written.strftime("%Y-%m-%dT%H:%M:%S"),
        "slug": story.slug,
        "status": story.status,
        "link": _link(story, site),
        "title": {"rendered": story.title},
        "content": {"rendered": story.content},
    }


def _refusal(status: int, code: str, message: str) -> Reply:
    return as_json(status, {"code": code, "message": message, "data": {"status": status}})
