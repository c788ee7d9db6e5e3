"""Pages as JSON, at the same address with .json. Names stay as they are for ever; new ones come."""

import json
from collections.abc import Iterable
from typing import Any

from ninethirty.core.announcement import Provisional
from ninethirty.core.document import Json
from ninethirty.core.site import (
    Contact,
    Edition,
    File,
    Listing,
    Notice,
    Promise,
    Site,
    State,
    Version,
)
from ninethirty.core.times import Instant


def json_path(path: str) -> str:
    """Where the JSON of the page at this path is."""
    return "/index.json" if path == "/" else f"{path}.json"


def written(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def listing_json(site: Site, listing: Listing, at: Instant) -> bytes:
    releases = [brief(site, edition, at) for edition in listing.as_of(at)]
    url = f"{site.base}{listing.path}"
    return written({"title": listing.title, "url": url, "releases": releases})


def names_json(site: Site, title: str, path: str, named: Iterable[tuple[str, str]]) -> bytes:
    """named: path and title of each page that this one leads to."""
    pages = [{"url": f"{site.base}{to}", "title": name} for to, name in named]
    return written({"title": title, "url": f"{site.base}{path}", "pages": pages})


def release_json(site: Site, edition: Edition, at: Instant) -> bytes:
    """Raises LookupError: it is not announced yet."""
    told = edition.as_of(at)
    if told is None:
        raise LookupError(f"{edition.id} is not announced at {at}")
    contact = site.contact_of(told)
    return written(
        {
            **brief(site, told, at),
            "summary": told.summary,
            "announced_at": told.announced or f"{site.base}{told.path}",
            "promises": [_promise(promise) for promise in told.promises],
            "versions": [_version(site, told, one, offered(told, at)) for one in told.versions],
            "notices": [_notice(notice) for notice in told.notices],
            "contact": _contact(contact),
            "leave": told.leave,
            "ad_hoc": told.ad_hoc,
        }
    )


def brief(site: Site, told: Edition, at: Instant) -> Json:
    """A release in a list. told: what `as_of(at)` left."""
    series, producer = site.series[told.series], site.producer_of(told)
    return {
        "id": told.id,
        "title": told.title,
        "url": f"{site.base}{told.path}",
        "series": {"title": series.title, "url": f"{site.base}{series.path}"},
        "producer": {"name": producer.name, "url": f"{site.base}{producer.path}"},
        "state": told.state(at),
        "date": _promise(told.promise),
        "changed": told.changed().text(),
    }


def offered(told: Edition, at: Instant) -> Version | None:
    """The version whose files can be had."""
    return None if told.state(at) is State.WITHDRAWN else told.version


def file_url(site: Site, edition: Edition, file: File) -> str:
    return file.url or f"{site.base}{edition.path}/{file.name}"


def _promise(promise: Promise) -> Json:
    said = {"since": promise.since.text(), "reason": promise.reason}
    when = promise.when
    if isinstance(when, Provisional):
        return {**said, "from": when.first.isoformat(), "to": when.last.isoformat()}
    opens = promise.opens
    return {
        **said,
        "local": when.local.isoformat(),
        "zone": when.zone,
        "opens": opens.text() if opens else None,
    }


def _version(site: Site, edition: Edition, version: Version, here: Version | None) -> Json:
    """Of versions before it only what they were: their addresses carry the one that is here."""
    return {
        "opens": version.opens.text(),
        "correction": version.correction,
        "seal": version.seal,
        "files": [
            {
                "name": file.name,
                "url": file_url(site, edition, file) if version is here else None,
                "media_type": file.media_type,
                "size_bytes": file.size_bytes,
                "sha256": file.digest,
            }
            for file in version.files
        ],
    }


def _notice(notice: Notice) -> Json:
    return {
        "about": notice.about,
        "since": notice.since.text(),
        "reason": notice.reason,
        "alternate": notice.alternate,
        "looked": notice.looked.text() if notice.looked else None,
    }


def _contact(contact: Contact) -> Json:
    return {"name": contact.name, "email": contact.email, "telephone": contact.telephone}
