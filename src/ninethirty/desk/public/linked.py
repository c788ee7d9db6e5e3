"""What search engines read in a page: schema.org in JSON-LD.

A release to come is an event of publication, with its date; once it is public it is a data set
with its files.
"""

import json
from collections.abc import Sequence

from ninethirty.core.announcement import Provisional
from ninethirty.core.document import Json
from ninethirty.core.site import Edition, File, Producer, Series, Site, State, Version
from ninethirty.core.times import Instant
from ninethirty.desk.public.data import file_url, offered

_CONTEXT = "https://schema.org/"
_EVENT = {
    State.CANCELLED: "EventCancelled",
    State.WITHDRAWN: "EventCancelled",
    State.HELD: "EventPostponed",
}


def release_json_ld(site: Site, edition: Edition, at: Instant) -> str:
    """To stand in a script element as it is. Raises LookupError: it is not announced yet."""
    told = edition.as_of(at)
    if told is None:
        raise LookupError(f"{edition.id} is not announced at {at}")
    version = offered(told, at)
    linked = _data_set(site, told, version) if version else _event(site, told, at)
    return _inside({"@context": _CONTEXT, **linked})


def series_json_ld(site: Site, series: Series, told: Sequence[Edition], at: Instant) -> str:
    """told: its editions, of what `as_of(at)` left."""
    return _inside(
        {
            "@context": _CONTEXT,
            "@type": "Dataset",
            "@id": f"{site.base}{series.path}",
            "url": f"{site.base}{series.path}",
            "name": series.title,
            "description": series.about or f"Releases of the series {series.title}.",
            "keywords": list(series.keywords),
            "creator": _publisher(site, site.producers[series.producer]),
            "hasPart": [_named(site, edition) for edition in told if offered(edition, at)],
        }
    )


def _data_set(site: Site, told: Edition, version: Version) -> Json:
    series, producer = site.series[told.series], site.producer_of(told)
    return {
        **_named(site, told),
        "description": told.summary or f"{told.title}, a release of the series {series.title}.",
        "identifier": told.id,
        "keywords": list(series.keywords),
        "creator": _publisher(site, producer),
        "publisher": _publisher(site, producer),
        "isPartOf": {"@type": "Dataset", "@id": f"{site.base}{series.path}", "name": series.title},
        "datePublished": told.versions[0].opens.text(),
        "dateModified": version.opens.text(),
        "distribution": [_download(site, told, file) for file in version.files],
    }


def _event(site: Site, told: Edition, at: Instant) -> Json:
    event: Json = {
        "@type": "PublicationEvent",
        "@id": f"{site.base}{told.path}",
        "url": f"{site.base}{told.path}",
        "name": told.title,
        "publishedBy": _publisher(site, site.producer_of(told)),
        "eventStatus": f"https://schema.org/{_EVENT.get(told.state(at), _moved(told))}",
        "startDate": _start(told, -1),
    }
    if told.moved:
        event["previousStartDate"] = _start(told, -2)
    return event


def _moved(told: Edition) -> str:
    return "EventRescheduled" if told.moved else "EventScheduled"


def _start(told: Edition, which: int) -> str:
    promise = told.promises[which]
    if promise.opens:
        return promise.opens.text()
    when = promise.when
    return when.first.isoformat() if isinstance(when, Provisional) else when.local.isoformat()


def _download(site: Site, told: Edition, file: File) -> Json:
    return {
        "@type": "DataDownload",
        "contentUrl": file_url(site, told, file),
        "encodingFormat": file.media_type.partition(";")[0],
        "contentSize": str(file.size_bytes),
        "sha256": file.digest,
        "name": file.name,
    }


def _named(site: Site, told: Edition) -> Json:
    url = f"{site.base}{told.path}"
    return {"@type": "Dataset", "@id": url, "url": url, "name": told.title}


def _publisher(site: Site, producer: Producer) -> Json:
    url = f"{site.base}{producer.path}"
    return {"@type": "GovernmentOrganization", "@id": url, "name": producer.name, "url": url}


def _inside(linked: Json) -> str:
    """Nothing in it can end the element it stands in, or begin another."""
    text = json.dumps(linked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
