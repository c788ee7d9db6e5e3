"""What is public, as catalogues that data portals gather (DCAT-AP 3 in JSON-LD).

One catalogue for each producer, so that a release changes one of them; the site's own names them.
"""

from collections.abc import Iterable

from ninethirty.core.announcement import Rhythm
from ninethirty.core.document import Json
from ninethirty.core.site import Contact, Edition, File, Producer, Site, Version
from ninethirty.core.times import Instant
from ninethirty.desk.public.data import file_url, offered, written
from ninethirty.desk.public.page import Page, Shown

MEDIA_TYPE = "application/ld+json"

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_RHYTHMS = {
    Rhythm.WEEKLY: "WEEKLY",
    Rhythm.MONTHLY: "MONTHLY",
    Rhythm.QUARTERLY: "QUARTERLY",
    Rhythm.YEARLY: "ANNUAL",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_SHA_256 = {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"}


def path_of(page: str) -> str:
    """Where the catalogue lies that belongs to the page at this path."""
    return f"{page.rstrip('/')}/catalogue.jsonld"


def page_of_catalogues(site: Site) -> Page:
    """That of the site alone; those of producers lie beside their pages."""
    return Page(
        "site/catalogues", (), lambda at: {path_of("/"): Shown(catalogues(site), MEDIA_TYPE)}
    )


def catalogues(site: Site) -> bytes:
    """That of the site: where those of its producers are."""
    return written(
        {
            "@context": _CONTEXT,
            "@id": f"{site.base}{path_of('/')}",
            "@type": "dcat:Catalog",
            "dct:title": _en(site.name),
            "dct:description": _en(f"Statistics published at {site.base}."),
            "dct:publisher": {"@type": "foaf:Agent", "foaf:name": site.name},
            "dcat:catalog": [
                {"@id": f"{site.base}{path_of(producer.path)}"}
                for _, producer in sorted(site.producers.items())
            ],
        }
    )


def catalogue(site: Site, producer: Producer, editions: Iterable[Edition], at: Instant) -> bytes:
    """What a producer has published. editions: all of its own."""
    told = [
        (edition, version)
        for one in editions
        if (edition := one.as_of(at)) and (version := offered(edition, at))
    ]
    used = sorted({edition.series for edition, _ in told})
    return written(
        {
            "@context": _CONTEXT,
            "@id": f"{site.base}{path_of(producer.path)}",
            "@type": "dcat:Catalog",
            "dct:title": _en(producer.name),
            "dct:description": _en(producer.about or f"Statistics issued by {producer.name}."),
            "dct:publisher": _agent(site, producer),
            "dcat:dataset": [_data_set(site, edition, version) for edition, version in told],
            "dct:hasPart": [_series(site, id) for id in used],
        }
    )


def _series(site: Site, id: str) -> Json:
    series = site.series[id]
    told: Json = {
        "@id": f"{site.base}{series.path}",
        "@type": "dcat:DatasetSeries",
        "dct:title": _en(series.title),
        "dct:description": _en(series.about or f"Releases of the series {series.title}."),
    }
    if series.rhythm:
        told["dct:accrualPeriodicity"] = {"@id": f"{_FREQUENCY}{_RHYTHMS[series.rhythm]}"}
    return told


def _data_set(site: Site, told: Edition, version: Version) -> Json:
    series, producer = site.series[told.series], site.producer_of(told)
    data_set: Json = {
        "@id": f"{site.base}{told.path}",
        "@type": "dcat:Dataset",
        "dct:identifier": told.id,
        "dct:title": _en(told.title),
        "dct:description": _en(told.summary or f"{told.title}, of the series {series.title}."),
        "dct:issued": _time(told.versions[0].opens),
        "dct:modified": _time(version.opens),
        "dct:publisher": {"@id": f"{site.base}{producer.path}"},
        "dcat:inSeries": {"@id": f"{site.base}{series.path}"},
        "dcat:landingPage": {"@id": f"{site.base}{told.path}"},
        "dcat:keyword": [_en(word) for word in series.keywords],
        "dcat:distribution": [_distribution(site, told, file) for file in version.files],
    }
    contact = site.contact_of(told)
    if contact.name or contact.email:
        data_set["dcat:contactPoint"] = _contact(contact)
    return data_set


def _distribution(site: Site, told: Edition, file: File) -> Json:
    media_type = file.media_type.partition(";")[0]
    return {
        "@type": "dcat:Distribution",
        "dct:title": _en(file.name),
        "dcat:accessURL": {"@id": f"{site.base}{told.path}"},
        "dcat:downloadURL": {"@id": file_url(site, told, file)},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{media_type}"},
        "dcat:byteSize": {"@value": str(file.size_bytes), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _SHA_256,
            "spdx:checksumValue": {"@value": file.digest, "@type": "xsd:hexBinary"},
        },
    }


def _agent(site: Site, producer: Producer) -> Json:
    return {
        "@id": f"{site.base}{producer.path}",
        "@type": "foaf:Agent",
        "foaf:name": _en(producer.name),
    }


def _contact(contact: Contact) -> Json:
    told: Json = {"@type": "vcard:Kind"}
    if contact.name:
        told["vcard:fn"] = contact.name
    if contact.email:
        told["vcard:hasEmail"] = {"@id": f"mailto:{contact.email}"}
    return told


def _time(instant: Instant) -> Json:
    return {"@value": instant.text(), "@type": "xsd:dateTime"}


def _en(text: str) -> Json:
    return {"@value": text, "@language": "en"}
