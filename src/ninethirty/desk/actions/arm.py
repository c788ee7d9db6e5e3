"""Put the approved bundle in force on the gate, and tell the witnesses what to look for."""

import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction

from ninethirty.core.document import digest, keyed
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.page import main_html, visible_text
from ninethirty.core.release import MOVING, Stage, approval, stage
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.seal import PAGE, Manifest
from ninethirty.core.seal import seal as seal_of
from ninethirty.core.times import zone_rules
from ninethirty.core.watch import (
    ALTERNATE,
    ANNOUNCED,
    PAGE_PART,
    Channel,
    Part,
    Sort,
    WatchOrder,
    write_key,
    write_order,
)
from ninethirty.desk.actions.act import acting, note
from ninethirty.desk.actions.bundle import index_of, manifest_of, page_of, words_of
from ninethirty.desk.actions.last_edition import name_last_edition
from ninethirty.desk.actions.opening import document_of, openings_of, take_back
from ninethirty.desk.actions.watch_period import watched_until
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup

PATIENCE = 10.0
"""Real seconds for a gate to acknowledge."""

LONGEST_LIFETIME = timedelta(minutes=30, seconds=30)
"""How long the platform's caches may keep a page, and half a minute: nobody looks as a user for
that long before T."""

PLACEHOLDER = ("coming soon", "not yet been published", "will be published")


def arm(release: str, *, announced_files: Mapping[str, str], by: str) -> list[Fact]:
    """Publish the schedule, wait until the gate stands for it, and give out the watch order.

    announced_files: where the platform will carry each file.

    Raises:
        NotAllowed: also if the bundle or the words of its page are not those approved, if the time
        has passed, if the platform was not given one of its files, or if no gate acknowledged.
    """
    asked = setup().clock().now()
    with acting(release, Kind.ARMED, by) as (row, facts):
        manifest = manifest_of(row)
        seal, page = _approved(row, manifest, facts)
    if manifest.opens.resolve() <= asked:
        raise NotAllowed(f"{release}: {manifest.opens} has passed; promise another time")
    key = secrets.token_bytes(32)
    order = name_last_edition(_order(manifest, page, announced_files, key), row, key)
    opened_key = write_key(release, key, setup().key())
    before = openings_of(row)
    try:
        _publish(row, manifest, page, opened_key, before)
        gates = _acknowledged(release)
        # The gate took its time: another may have armed meanwhile, or staged anew.
        with acting(release, Kind.ARMED, by) as (row, facts):
            if _approved(row, manifest_of(row), facts)[0] != seal:
                raise NotAllowed(f"{release}: another bundle was approved while this was armed")
            row.key, row.order = key.hex(), write_order(order, setup().key())
            # Nothing else of the row: it was read before the gate was asked.
            row.save(update_fields=["key", "order"])
            return [
                note(
                    release,
                    Kind.ARMED,
                    by,
                    seal=seal,
                    gates=gates,
                    asked=asked.text(),
                    tzdata=zone_rules(),
                ),
                note(
                    release,
                    Kind.WATCHED,
                    by,
                    channels=[channel.name for channel in order.channels],
                    witnesses=[witness.name for witness in setup().witnesses],
                    networks=sorted({witness.network for witness in setup().witnesses}),
                    **({"harder_until": order.after_fix.text()} if order.after_fix else {}),
                ),
            ]
    except NotAllowed:
        _take_back_unless_armed(row)
        raise


def _take_back_unless_armed(row: Release) -> None:
    """What nobody stands for must not open at T; but another may have armed the same meanwhile."""
    with transaction.atomic():
        lock([row.id])
        if stage(facts_of(row.id, kinds=MOVING)) is not Stage.ARMED:
            take_back(row, setup().clock().now())


def _approved(row: Release, manifest: Manifest, facts: Sequence[Fact]) -> tuple[str, str]:
    """The seal and the page, if they are what was approved. Raises NotAllowed."""
    given = approval(facts)
    assert given is not None, "no stage from which arming is allowed is without an approval"
    seal = given.details["seal"]
    if seal_of(manifest) != seal:
        raise NotAllowed(f"{row.id}: the bundle is not the one that was approved")
    page = page_of(manifest, seal)
    if words_of(page) != given.details.get("words"):
        raise NotAllowed(
            f"{row.id}: the words of the page are not those that were approved; stage, seal and "
            "approve it anew"
        )
    return seal, page


def _key_path(manifest: Manifest) -> str:
    """Where the key of the watch order opens at T. Beside the release, not under it: no name there
    is ours to take."""
    return f"/watch-key{manifest.path}.json"


def _publish(
    row: Release, manifest: Manifest, page: str, key: bytes, before: Sequence[Opening]
) -> None:
    """key: the document that opens at T with the key of the watch order. before: what is open at
    these addresses already, of a release that this one corrects."""
    opens = manifest.opens.resolve()
    shelf = setup().shelf()
    body = page.encode()
    rendered = Content(shelf.put(body), len(body), "text/html; charset=utf-8")
    opened = Content(shelf.put(key), len(key), "application/json")
    openings = [
        Opening(manifest.path, opens, rendered),
        Opening(_key_path(manifest), opens, opened),
    ]
    openings += [
        Opening(
            f"{manifest.path}/{file.name}",
            opens,
            Content(file.digest, file.size_bytes, file.media_type),
        )
        for file in manifest.files
        if file.name != PAGE
    ]
    shelf.publish(document_of(row), [*before, *openings], setup().clock().now())


def _acknowledged(release: str) -> list[str]:
    """Which gates stand for the schedule just published."""
    shelf = setup().shelf()
    root = shelf.root()
    assert root is not None
    if not shelf.gates():
        raise NotAllowed(
            f"{release}: no gate can read it; name each in desk.toml under [[gates]], with the "
            "public key that it says at its start"
        )
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        gates = [gate for gate, v in shelf.acknowledged().items() if v >= root.version]
        if gates:
            return gates
        time.sleep(0.05)
    raise NotAllowed(f"{release}: no gate acknowledged within {PATIENCE:.0f} s; is one running?")


def _order(
    manifest: Manifest, page: str, announced_files: Mapping[str, str], key: bytes
) -> WatchOrder:
    site, watch = setup().site, setup().watch
    files = [file for file in manifest.files if file.name != PAGE]
    for file in files:
        if file.name not in announced_files:
            raise NotAllowed(f"{manifest.release}: the platform has no address for {file.name}")
    index = index_of(manifest)

    def file_parts(urls: Mapping[str, str]) -> tuple[Part, ...]:
        return tuple(
            Part(f.name, urls[f.name], keyed(key, f.digest), size_bytes=f.size_bytes) for f in files
        )

    def page_part(url: str, html: str) -> Part:
        return Part(PAGE_PART, url, keyed(key, digest(visible_text(html).encode())))

    return WatchOrder(
        release=manifest.release,
        opens=manifest.opens.resolve(),
        placeholder=PLACEHOLDER,
        policy=watch.policy,
        issued=setup().clock().now(),
        controls=_controls(manifest),
        key_url=f"{site}{_key_path(manifest)}",
        after_fix=watched_until(manifest.announced),
        channels=(
            Channel(
                ANNOUNCED,
                page_part(manifest.announced, f"<main>{main_html(index)}</main>"),
                file_parts(announced_files),
                quiet=LONGEST_LIFETIME,
                cache_busting=True,
                listings=_numbered(Sort.LISTING, watch.listings),
                notices=_numbered(Sort.NOTICE, watch.notices),
                records=_record(manifest.announced, watch.content_api),
            ),
            Channel(
                ALTERNATE,
                page_part(f"{site}{manifest.path}", page),
                file_parts({f.name: f"{site}{manifest.path}/{f.name}" for f in files}),
                quiet=timedelta(0),
                cache_busting=False,
            ),
        ),
    )


def _controls(manifest: Manifest) -> tuple[Part, ...]:
    platform = urlsplit(manifest.announced)._replace(path="/", query="", fragment="").geturl()
    return (
        Part(f"{Sort.PLATFORM}:1", platform),
        *_numbered(Sort.UNRELATED, setup().controls),
    )


def _record(page: str, api: str) -> tuple[Part, ...]:
    at = urlsplit(page)
    url = at._replace(path=f"{api}{at.path}", query="", fragment="").geturl()
    return _numbered(Sort.RECORD, [url] if api else [])


def _numbered(sort: Sort, urls: Sequence[str]) -> tuple[Part, ...]:
    return tuple(Part(f"{sort}:{n}", url) for n, url in enumerate(urls, start=1))
