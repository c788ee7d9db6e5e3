"""The documents a platform makes of a release, in the manner of GOV.UK.

A page and its files; the list and the feed that show it; the announcement, which becomes a redirect
to the release; and the content API's word on each, from which a machine learns what was scheduled,
and how late it came.
"""

import json
import mimetypes
import uuid
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import Any

from ninethirty.core.times import Instant
from ninethirty.standin.pages import coming_soon, links, page, spoken
from ninethirty.standin.platform.content import Content, Served, redirect
from ninethirty.standin.platform.scheduled import Scheduled

SITE = "Platform example"
API = "/api/content"
ORGANISATION = {
    "title": "Office of Example Statistics",
    "base_path": "/government/organisations/office-of-example-statistics",
}


def absent() -> Content:
    html = page(SITE, "Page not found", "<h1>Page not found</h1>")
    return Content(Served.ABSENT, 404, html)


def home() -> Content:
    html = page(SITE, "Welcome", "<h1>Welcome</h1><p>The place to find example services.</p>")
    return Content(Served.OTHER, body=html)


def sign_in() -> Content:
    form = '<form><label>Password <input type="password"></label></form>'
    return Content(Served.WALL, body=page(SITE, "Sign in", f"<h1>Sign in</h1>{form}"))


def placeholder(release: Scheduled) -> Content:
    html = page(SITE, release.title, coming_soon(release.title, release.opens))
    return Content(Served.PLACEHOLDER, body=html)


def release_page(release: Scheduled) -> Content:
    after = links(release.file_paths())
    html = page(SITE, release.title, release.body_html, after)
    return Content(Served.RELEASE, body=html, right=True)


def previous_page(release: Scheduled) -> Content:
    """The last edition, where an address always shows the newest one."""
    main = f"<h1>{escape(release.title)}</h1><p>The edition before this one: there were 11.</p>"
    return Content(Served.PREVIOUS, body=page(SITE, release.title, main))


def file(release: Scheduled, name: str) -> Content:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Content(Served.FILE, body=release.files[name], content_type=kind, right=True)


def previous_file(release: Scheduled, name: str) -> Content:
    """The file of the last edition at the same address."""
    kept = timedelta(minutes=30)
    old = b"the edition before this one\n"
    return replace(
        file(release, name), served=Served.PREVIOUS, body=old, right=False, lifetime=kept
    )


def listing(release: Scheduled, *, shows_it: bool) -> Content:
    items = {"The edition before": f"{release.path}-before"}
    if shows_it:
        items = {release.title: release.path, **items}
    html = page(SITE, "Collection", f"<h1>Collection</h1>{links(items)}")
    return Content(Served.LIST if shows_it else Served.PREVIOUS, body=html, right=shows_it)


def feed(release: Scheduled, *updated: Instant) -> Content:
    """An entry for each time it was published, twice if that was done twice."""
    entry = (
        "<entry><id>tag:example,{at}:{path}</id><updated>{at}</updated><title>{title}</title>"
        '<link rel="alternate" href="{path}"/></entry>'
    )
    entries = "".join(
        entry.format(at=at.text(), path=release.path, title=escape(release.title)) for at in updated
    )
    old = entry.format(at="2018-01-01T00:00:00Z", path=f"{release.path}-before", title="Before")
    xml = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title>{entries}{old}</feed>'
    return Content(
        Served.LIST if updated else Served.PREVIOUS,
        body=xml.encode(),
        content_type="application/atom+xml; charset=utf-8",
        right=bool(updated),
    )


def announcement(release: Scheduled, says: Instant) -> Content:
    title = release.title
    main = f"{coming_soon(title, says)}<p>Release date: {spoken(says)} (confirmed)</p>"
    return Content(Served.PLACEHOLDER, body=page(SITE, title, main))


def announcement_moved(release: Scheduled) -> Content:
    return redirect(release.path, 301, right=True)


def coming_soon_document(release: Scheduled, scheduled: Instant) -> Content:
    return _document(
        release.path,
        release,
        "coming_soon",
        schema_name="coming_soon",
        publishing_scheduled_at=_iso(scheduled),
        details={"publish_time": _iso(scheduled)},
    )


def release_document(release: Scheduled, *published: Instant) -> Content:
    """`published`: when it was, and when it was again if it was done twice."""
    first, last = published[0], published[-1]
    whole = json.loads(
        _document(
            release.path,
            release,
            "official_statistics",
            schema_name="publication",
            public_updated_at=_iso(last),
            details={
                "body": release.body_html,
                "attachments": [_attachment(release, name) for name in release.files],
                "first_public_at": _iso(first),
                "change_history": [
                    {"note": "First published.", "public_timestamp": _iso(at)} for at in published
                ],
            },
        ).body
    )
    if first >= release.opens:
        whole["publishing_scheduled_at"] = _iso(release.opens)
        late = (first - release.opens) // timedelta(seconds=1)
        whole["scheduled_publishing_delay_seconds"] = late
    return _json(whole, right=True)


def announcement_document(release: Scheduled, says: Instant) -> Content:
    return _document(
        release.announcement,
        release,
        "official_statistics_announcement",
        schema_name="statistics_announcement",
        public_updated_at=_iso(release.opens - timedelta(days=28)),
        details={
            "display_date": spoken(says),
            "state": "confirmed",
            "format_sub_type": "official",
        },
    )


def announcement_moved_document(release: Scheduled) -> Content:
    """What the API answers for an address that now leads elsewhere."""
    moved = {"path": release.announcement, "type": "exact", "destination": release.path}
    return _json(
        {
            "base_path": release.announcement,
            "schema_name": "redirect",
            "document_type": "redirect",
            "redirects": [moved],
        },
        right=True,
    )


def absent_document() -> Content:
    return Content(Served.ABSENT, 404, b'{"message":"content item not found"}', "application/json")


def _document(base_path: str, release: Scheduled, document_type: str, **more: Any) -> Content:
    return _json(
        {
            "base_path": base_path,
            "content_id": str(uuid.uuid5(uuid.NAMESPACE_URL, base_path)),
            "title": release.title,
            "description": "",
            "locale": "en",
            "document_type": document_type,
            **more,
            "links": {"organisations": [ORGANISATION]},
        }
    )


def _json(value: dict[str, Any], *, right: bool = False) -> Content:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Content(Served.DOCUMENT, body=body, content_type="application/json", right=right)


def _attachment(release: Scheduled, name: str) -> dict[str, Any]:
    return {
        "attachment_type": "file",
        "id": name,
        "filename": name,
        "title": name,
        "url": release.file_path(name),
        "content_type": file(release, name).content_type,
        "file_size": len(release.files[name]),
    }


def _iso(at: Instant) -> str:
    return at.isoformat(timespec="milliseconds")
