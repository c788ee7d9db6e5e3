"""The page of a release, through its whole life.

What is in its main element from T on is a pure function of the bundle, because that is approved and
sealed; what may change later stands before and after it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import BundleRefused
from ninethirty.core.seal import PAGE, Manifest
from ninethirty.core.seal import File as Sealed
from ninethirty.core.site import (
    About,
    Edition,
    File,
    Preview,
    Producer,
    Promise,
    Series,
    Site,
    State,
    Version,
)
from ninethirty.core.times import Instant
from ninethirty.desk.public.access_list import path_of
from ninethirty.desk.public.beside import beside_release, release_links
from ninethirty.desk.public.frame import link, page
from ninethirty.desk.public.inside import looks_inside, preview
from ninethirty.desk.public.linked import release_json_ld
from ninethirty.desk.public.listed import state_words
from ninethirty.desk.public.page import Page, Shown
from ninethirty.desk.public.told import COLOURS, moment, promised
from ninethirty.desk.public.written.markup import body_of
from ninethirty.desk.shelving.words import size

LARGEST_BYTES = 50_000_000
"""Of a file that is looked into, in memory."""

_TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)
_RELATIVE = re.compile(r"""(\s(?:href|src)\s*=\s*["'])(?![a-z][a-z0-9+.-]*:|[/#])""", re.IGNORECASE)
_WORDS = {
    "text/csv": "CSV",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel spreadsheet",
    "application/pdf": "PDF",
    "application/json": "JSON",
    "application/zip": "ZIP",
    "text/html": "HTML",
    "text/plain": "text",
}


def page_of_release(site: Site, edition: Edition) -> Page:
    return Page(
        name=f"release/{edition.id}",
        changes=tuple(edition.instants()),
        files=lambda at: _files(site, edition, at),
        own=True,
    )


def render(manifest: Manifest, producer: str, version: Version) -> str:
    """The page as it is approved, of a bundle alone."""
    series = Series("", "", "")
    edition = Edition(
        manifest.release,
        manifest.title,
        series.id,
        manifest.path,
        promises=(Promise(manifest.opens, version.opens),),
        versions=(version,),
    )
    known = Site(producer, "", {"": Producer("", producer)}, {"": series}, {}, version.opens)
    return _release(known, edition, version.opens).body.decode()


def version_of(manifest: Manifest, seal: str, read: Callable[[str], bytes]) -> Version:
    """What this bundle makes public at its T. read: the bytes with a digest.

    Raises:
        FileMissing, SealBroken: as `read` does.
    """
    index = next(file.digest for file in manifest.files if file.name == PAGE)
    body = body_of(read(index).decode(errors="replace"), manifest.title)
    return Version(
        opens=manifest.opens.resolve(),
        files=tuple(
            File(file.name, file.digest, file.size_bytes, file.media_type, _inside(file, read))
            for file in manifest.files
            if file.name != PAGE
        ),
        body=below(body, manifest.path),
        seal=seal,
    )


def _inside(file: Sealed, read: Callable[[str], bytes]) -> Preview | None:
    if not looks_inside(file.name) or file.size_bytes > LARGEST_BYTES:
        return None
    try:
        return preview(file.name, read(file.digest))
    except BundleRefused:
        return None  # It was taken before such files were refused.


def below(html: str, path: str) -> str:
    """The same markup, with its relative links leading below the path, where the files are: a
    browser would look beside it."""
    return _TAG.sub(lambda tag: _RELATIVE.sub(rf"\g<1>{path}/", tag[0]), html)


def _files(site: Site, edition: Edition, at: Instant) -> Mapping[str, Shown]:
    told = edition.as_of(at)
    if told is None:
        return {}
    return {edition.path: _release(site, told, at), **beside_release(site, told, at)}


def _release(site: Site, edition: Edition, at: Instant) -> Shown:
    """Of what `as_of(at)` left."""
    state, series = edition.state(at), site.series[edition.series]
    version = None if state is State.WITHDRAWN else edition.version
    return page(
        "release.html",
        site,
        edition.path,
        edition.title,
        crumbs=_crumbs(site, edition),
        edition=edition,
        series=series,
        state=state,
        version=version,
        lead=_lead(site, edition, state),
        counts=state in (State.CONFIRMED, State.DUE),
        opens=edition.promise.opens,
        banner=_banner(site, edition, state),
        about=_about(site, edition, state),
        dates=_dates(site, edition),
        corrections=_corrections(site, edition),
        links=release_links(site, edition),
        data=release_json_ld(site, edition, at),
        **(_bundle(site, edition, version) if version else {}),
    )


def _bundle(site: Site, edition: Edition, version: Version) -> dict[str, Any]:
    return {
        "caption": site.producer_of(edition).name,
        "version_title": edition.title,
        "version_body": Markup(version.body),  # noqa: S704  # approved, or sanitised before
        "files": [_file(edition, file) for file in version.files],
    }


def _file(edition: Edition, file: File) -> dict[str, Any]:
    return {
        "name": file.name,
        "href": file.url or f"{edition.path}/{file.name}",
        "kind": _WORDS.get(file.media_type.partition(";")[0], file.media_type),
        "size": size(file.size_bytes) if file.size_bytes else "size not told",
        "digest": file.digest,
        "preview": file.preview,
    }


def _crumbs(site: Site, edition: Edition) -> list[dict[str, str]]:
    series = site.series[edition.series]
    if not series.id:
        return []
    producer = site.producers[series.producer]
    return [
        link("/producers", "Producers"),
        link(producer.path, producer.name),
        link(series.path, series.title),
    ]


def _lead(site: Site, edition: Edition, state: State) -> str:
    when = promised(edition.promise.when, site.zone)
    match state:
        case State.PROVISIONAL:
            return (
                f"Will be published in {when}. The exact date is to be confirmed."
                if (_is_month(edition))
                else f"Will be published {when}. The exact date is to be confirmed."
            )
        case State.CONFIRMED:
            return f"Will be published at {when}."
        case State.DUE:
            return f"Will be published today, at {when}."
        case State.OVERDUE:
            return f"Was to be published at {when}, and is not here."
        case State.LATE:
            return f"Was to be published at {when}, and is late."
        case State.CANCELLED:
            return "Will not be published."
        case State.HELD:
            return f"Will not be published at {when}, as was promised."
        case _:
            return "Has been withdrawn."


def _is_month(edition: Edition) -> bool:
    when = edition.promise.when
    return isinstance(when, Provisional) and when == Provisional.month(
        when.first.year, when.first.month
    )


def _banner(site: Site, edition: Edition, state: State) -> dict[str, Any] | None:
    """What must be read first, if something must."""
    said = {about: edition.notice(about) for about in About}
    alarm, lines, alternate = False, [], ""
    match state:
        case State.LATE:
            late = said[About.LATE]
            assert late is not None, "no release is late of which nobody said so"
            alarm, alternate = True, late.alternate
            heading = "This release is late at the address promised for it"
            lines = [late.reason] if late.reason else []
            if late.looked:
                lines.append(f"We last looked at {moment(late.looked, site.zone)}.")
        case State.OVERDUE:
            alarm, heading = True, "This release was due and is not here"
        case State.CANCELLED | State.HELD | State.WITHDRAWN:
            last = edition.notices[-1]
            heading = f"This release was {state.value}"
            lines = [last.reason, f"Said at {moment(last.since, site.zone)}."]
            alternate = last.alternate
        case State.CORRECTED:
            version = edition.version
            assert version is not None, "what is corrected has a version"
            heading = f"Corrected at {moment(version.opens, site.zone)}"
            lines = [version.correction]
        case _ if edition.moved and not edition.version:
            before = promised(edition.promises[-2].when, site.zone)
            heading = f"The date has changed. It was {before}"
            lines = [edition.promise.reason]
        case _ if said[About.RECOVERED] and edition.notices[-1].about is About.RECOVERED:
            recovered = said[About.RECOVERED]
            assert recovered is not None, "it is the last notice"
            heading = "This release was late, and is now at the address promised for it"
            lines = [recovered.reason, f"Since {moment(recovered.since, site.zone)}."]
        case _:
            return None
    return {
        "alarm": alarm,
        "title": "Late" if alarm else "Important",
        "heading": heading,
        "lines": [line for line in lines if line],
        "link": alternate,
        "link_text": "Read it here meanwhile",
    }


def _about(site: Site, edition: Edition, state: State) -> list[dict[str, Any]]:
    series, producer = site.series[edition.series], site.producer_of(edition)
    contact = site.contact_of(edition)
    tag = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(
        COLOURS[state], state_words(state)
    )
    when = promised(edition.promise.when, site.zone)
    rows: list[tuple[str, Markup | str]] = [
        ("Status", tag),
        ("Release date", when),
        ("Producer", _linked(producer.path, producer.name) if producer.id else producer.name),
    ]
    if series.id:
        rows.append(("Series", _linked(series.path, series.title)))
    if series.status:
        rows.append(("Kind", series.status))
    if edition.ad_hoc:
        rows.append(("Ad hoc", "Published without a date in the calendar beforehand"))
    if edition.leave:
        rows.append(("Other time", f"By leave {edition.leave}"))
    if edition.announced:
        rows.append(("Address promised", _linked(edition.announced, edition.announced)))
    if contact.name or contact.email or contact.telephone:
        rows.append(("Contact", contact_words(contact.name, contact.email, contact.telephone)))
    if edition.access:
        early = _linked(path_of(edition.path), "Who could see it before its release")
        rows.append(("Pre-release access", early))
    if edition.version and edition.version.seal:
        seal = Markup('<span class="nt-digest">{}</span>').format(edition.version.seal)
        rows.append(("Sealed as", seal))
    return [
        {"key": {"text": key}, "value": {"html" if isinstance(v, Markup) else "text": v}}
        for key, v in rows
    ]


def contact_words(name: str, email: str, telephone: str) -> Markup:
    mail = Markup('<a class="govuk-link" href="mailto:{0}">{0}</a>').format(email)
    said = [one for one in (name, mail if email else "", telephone) if one]
    return Markup("<br>").join(said)


def _linked(href: str, text: str) -> Markup:
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(href, text)


def _dates(site: Site, edition: Edition) -> list[str]:
    """Every date that was ever promised, the first one first."""
    if not site.base:
        return []
    return list(_promises(site, edition.promises))


def _promises(site: Site, promises: Iterable[Promise]) -> Iterable[str]:
    for number, one in enumerate(promises):
        verb = "changed" if number else "promised"
        said = f"{promised(one.when, site.zone)}, {verb} at {moment(one.since, site.zone)}"
        yield f"{said}: {one.reason}" if one.reason else said


def _corrections(site: Site, edition: Edition) -> list[str]:
    return [
        f"{moment(one.opens, site.zone)}: {one.correction}"
        for one in edition.versions[1:]
        if one.correction
    ]
