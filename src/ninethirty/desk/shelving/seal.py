"""Seal a folder into the schedule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ninethirty.core import manifest as manifests
from ninethirty.core import seal as rule
from ninethirty.core.document import SigningKey
from ninethirty.core.errors import BundleRefused, ScheduleRefused
from ninethirty.core.page import title
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.seal import PAGE, File, Manifest, media_type
from ninethirty.core.times import Clock, Instant, WallTime, at_local
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.book import Entry, check_address, document_name
from ninethirty.desk.shelving.bundle import BEFORE, Bundle
from ninethirty.desk.shelving.change import Change, change, shelf_of
from ninethirty.desk.shelving.note import Note, What
from ninethirty.desk.shelving.opens import Opens
from ninethirty.desk.shelving.plan import address, plan, same
from ninethirty.desk.shelving.standing import Standing, Stands, in_force, standing, to_come
from ninethirty.desk.shelving.words import told

_TITLE_BYTES = 1 << 16


@dataclass(frozen=True)
class Sealed:
    """What came of it. `version` is None if nothing had to be changed."""

    path: str
    seal: str
    opens: Instant
    zone: str
    at: Instant
    files: int
    before: int | None
    """Files that the path answers until T, beside the page; None: no such page, or left out."""
    has_before: bool
    size_bytes: int
    replaces: Standing | None
    ends: tuple[str, ...]
    """Paths that answer now, or were to, and no longer do from T on."""
    version: int | None


def seal(
    bundle: Bundle,
    path: str,
    opens: Opens,
    *,
    store: Path,
    key: SigningKey,
    clock: Clock,
    site: str | None,
    replace: bool,
    tell: Callable[[int], None],
) -> Sealed:
    """Copy the files to the store, and sign a schedule in which they open.

    replace: also over what is public, or before the time it was to open.
    tell: hears how many more bytes were copied.

    Raises:
        BundleRefused, TimeError, ScheduleRefused, DocumentError, CannotStart: the schedule in
        force is as it was.
    """
    check_address(path)
    opens.instant(clock.now())
    shelf = shelf_of(store, key, site)
    release = _put(shelf, bundle.files, tell)
    early = _put(shelf, bundle.before, tell)
    with change(store, key, clock, site=site) as told_now:
        return _decide(told_now, path, opens, replace, release, early, _title(bundle, path))


def _decide(
    change: Change,
    path: str,
    opens: Opens,
    replace: bool,
    release: Mapping[str, Content],
    early: Mapping[str, Content],
    named: str,
) -> Sealed:
    now, name = change.now, document_name(path)
    t = opens.instant(now)
    old = change.book.sealed_at(path)
    stood = standing(old, now) if old else None
    at_once = opens.promised is None
    _check_replacing(stood, t, at_once=at_once, replace=replace, has_before=bool(early))
    keeps = at_once or (stood is not None and stood.public is not None)

    def planned(manifest: Content) -> list[Opening]:
        return plan(
            path,
            release={**release, manifests.NAME: manifest},
            before=None if keeps else early,
            held=old.openings if old else (),
            now=now,
            opens=t,
        )

    # Of what is public already, sealed again to open now, the manifest stays as it is.
    kept = _manifest_now(old, path, now) if at_once else None
    if old and kept and same(again := planned(kept), old.openings, now):
        openings = again
    else:
        openings = planned(change.put_manifest(_parts(change, path, opens, t, release)))
    change.book.check_free({opening.path for opening in openings}, but=name)
    sealed = rule.seal(_manifest(path, named, opens, t, release, early))
    unchanged = old is not None and same(openings, old.openings, now)
    version = None
    if not unchanged:
        note = Note(
            path=path,
            what=What.SEALED,
            at=now,
            opens=t,
            zone=opens.zone,
            seal=sealed,
            public=stood.public if stood else None,
            reason="",
            replaces=old.object if old else "",
        )
        version = change.publish(name, openings, note)
    return Sealed(
        path=path,
        seal=sealed,
        opens=stood.opens if unchanged and stood else t,
        zone=opens.zone,
        at=now,
        files=len(release) - 1,
        before=len(early) - 1 if early and not keeps else None,
        has_before=bool(early),
        size_bytes=sum(content.size_bytes for content in release.values()),
        replaces=stood,
        ends=_ends(old, {address(path, file) for file in (*release, manifests.NAME, *early)}, now),
        version=version,
    )


def _check_replacing(
    stood: Standing | None, opens: Instant, *, at_once: bool, replace: bool, has_before: bool
) -> None:
    if stood is None:
        return
    public = stood.public
    if public and not at_once and not replace:
        state = "withdrawn" if stood.stands is Stands.WITHDRAWN else "public"
        raise ScheduleRefused(
            f"{stood.path}: expected a path that is not public yet, found it {state} since "
            f"{told(public, stood.zone)}; to put this in its place at T add --replace, to put it "
            "there at once say --opens now"
        )
    if stood.stands is Stands.TO_OPEN and at_once and not replace:
        # Code of Practice, orderly release: early counts.
        raise ScheduleRefused(
            f"{stood.path}: is to open at {told(stood.opens, stood.zone)}; publishing before that "
            "time is early; if it is meant, add --replace"
        )
    if public and has_before and not at_once:
        raise ScheduleRefused(
            f"{stood.path}: has been public since {told(public, stood.zone)}, and {BEFORE}/ would "
            f"take its place at once; take {BEFORE}/ out of the folder"
        )


def _put(
    shelf: Shelf, files: Mapping[str, Path | bytes], tell: Callable[[int], None]
) -> dict[str, Content]:
    contents: dict[str, Content] = {}
    for name, source in files.items():
        try:
            if isinstance(source, bytes):
                kept, size_bytes = shelf.put(source), len(source)
                tell(size_bytes)
            else:
                kept, size_bytes = shelf.put_file(source, tell)
        except OSError as wrong:
            raise BundleRefused(
                f"{name} cannot be copied to the store: {wrong.strerror}; the schedule in force "
                "is as it was"
            ) from wrong
        if not size_bytes:
            raise BundleRefused(f"{name} is empty; fill it or take it out of the folder")
        # Made smaller now, not while others wait for their change.
        contents[name] = shelf.prepared(Content(kept, size_bytes, media_type(name)))
    return contents


def _manifest(
    path: str,
    named: str,
    opens: Opens,
    t: Instant,
    release: Mapping[str, Content],
    early: Mapping[str, Content],
) -> Manifest:
    everything = {**release, **{f"{BEFORE}/{name}": content for name, content in early.items()}}
    local = at_local(t, opens.zone).replace(tzinfo=None)
    return Manifest(
        release=document_name(path),
        title=named,
        opens=opens.promised or WallTime(local, opens.zone),
        path=path,
        announced=path,
        files=tuple(
            File(name, content.digest, content.size_bytes, content.media_type)
            for name, content in sorted(everything.items())
        ),
    )


def _parts(
    change: Change, path: str, opens: Opens, t: Instant, release: Mapping[str, Content]
) -> manifests.Manifest:
    """For whoever has neither store nor desk."""
    return manifests.Manifest(
        site=change.site,
        path=path,
        opens=t,
        zone=opens.zone,
        parts=tuple(
            manifests.Part(
                address(path, name), content.digest, content.size_bytes, content.media_type
            )
            for name, content in release.items()
        ),
    )


def _manifest_now(old: Entry | None, path: str, now: Instant) -> Content | None:
    shown = in_force(old.openings, now).get(manifests.address(path)) if old else None
    return shown.answer if shown and isinstance(shown.answer, Content) else None


def _title(bundle: Bundle, path: str) -> str:
    source = bundle.files[PAGE]
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as page:
        return title(page.read(_TITLE_BYTES).decode(errors="replace")) or path


def _ends(old: Entry | None, stay: set[str], now: Instant) -> tuple[str, ...]:
    if old is None:
        return ()
    waiting = {o.path for o in to_come(old.openings, now) if o.answer is not None}
    return tuple(sorted((in_force(old.openings, now).keys() | waiting) - stay))
