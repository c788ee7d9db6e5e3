"""Put the approved bundle in force on the gate, and tell the witnesses what to look for."""

import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from ninethirty.core.document import digest, keyed
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.page import main_html, visible_text
from ninethirty.core.release import check_may
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.seal import PAGE, Manifest
from ninethirty.core.seal import seal as seal_of
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
from ninethirty.desk.actions.bundle import manifest_of
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.public.release import render
from ninethirty.desk.record.facts import append, facts_of
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
        NotAllowed: also if the bundle is not the one approved, if the platform was not given one
        of its files, or if the gate did not acknowledge.
    """
    now = setup().clock().now()
    facts = facts_of(release)
    check_may(Kind.ARMED, role_of(by), by, facts)
    row = Release.objects.get(id=release)
    manifest = manifest_of(row)
    approved = [fact.details["seal"] for fact in facts if fact.kind is Kind.APPROVED][-1]
    if seal_of(manifest) != approved:
        raise NotAllowed(f"{release}: the bundle is not the one that was approved")

    page = _render(manifest, approved)
    row.key = secrets.token_hex(32)
    key = bytes.fromhex(row.key)
    order = _order(manifest, page, announced_files, key)
    row.order = write_order(order, setup().key())
    _publish(manifest, page, write_key(release, key, setup().key()))
    try:
        gates = _acknowledged(release)
        with transaction.atomic():
            # The gate took its time: another may have armed meanwhile, or staged anew.
            check_may(Kind.ARMED, role_of(by), by, facts_of(release))
            # Nothing else of the row: it was read before the gate was asked.
            row.save(update_fields=["key", "order"])
            return [
                _note(release, Kind.ARMED, by, seal=approved, gates=gates, asked=now.text()),
                _note(
                    release,
                    Kind.WATCHED,
                    by,
                    channels=[channel.name for channel in order.channels],
                    witnesses=[witness.name for witness in setup().witnesses],
                    networks=sorted({witness.network for witness in setup().witnesses}),
                ),
            ]
    except NotAllowed:
        # What nobody stands for must not open at T.
        setup().shelf().publish(_document(manifest), [], setup().clock().now())
        raise


def _note(release: str, kind: Kind, by: str, **details: Any) -> Fact:
    now = setup().clock().now()
    return append(release, kind, at=now, recorded=now, actor=by, details=details)


def _document(manifest: Manifest) -> str:
    return f"release/{manifest.release}"


def _render(manifest: Manifest, seal: str) -> bytes:
    index = _index(manifest).decode(errors="replace")
    return render(manifest, seal, setup().producer, index).encode()


def _index(manifest: Manifest) -> bytes:
    named = next(file.digest for file in manifest.files if file.name == PAGE)
    return setup().shelf().read(named)


def _key_path(manifest: Manifest) -> str:
    """Where the key of the watch order opens at T. Beside the release, not under it: no name there
    is ours to take."""
    return f"/watch-key{manifest.path}.json"


def _publish(manifest: Manifest, page: bytes, key: bytes) -> None:
    opens = manifest.opens.resolve()
    shelf = setup().shelf()
    rendered = Content(shelf.put(page), len(page), "text/html; charset=utf-8")
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
    shelf.publish(_document(manifest), openings, setup().clock().now())


def _acknowledged(release: str) -> list[str]:
    """Which gates stand for the schedule just published."""
    shelf = setup().shelf()
    root = shelf.root()
    assert root is not None
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        gates = [gate for gate, v in shelf.acknowledged().items() if v >= root.version]
        if gates:
            return gates
        time.sleep(0.05)
    raise NotAllowed(f"{release}: no gate acknowledged within {PATIENCE:.0f} s; is one running?")


def _order(
    manifest: Manifest, page: bytes, announced_files: Mapping[str, str], key: bytes
) -> WatchOrder:
    site = setup().site
    files = [file for file in manifest.files if file.name != PAGE]
    for file in files:
        if file.name not in announced_files:
            raise NotAllowed(f"{manifest.release}: the platform has no address for {file.name}")
    index = _index(manifest).decode(errors="replace")

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
        policy=setup().policy,
        issued=setup().clock().now(),
        controls=_controls(manifest),
        key_url=f"{site}{_key_path(manifest)}",
        channels=(
            Channel(
                ANNOUNCED,
                page_part(manifest.announced, f"<main>{main_html(index)}</main>"),
                file_parts(announced_files),
                quiet=LONGEST_LIFETIME,
                cache_busting=True,
            ),
            Channel(
                ALTERNATE,
                page_part(f"{site}{manifest.path}", page.decode()),
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
        *(Part(f"{Sort.UNRELATED}:{n}", url) for n, url in enumerate(setup().controls, start=1)),
    )
