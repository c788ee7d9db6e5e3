"""A watch order made by hand: an address and an instant are enough."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ninethirty.core.document import digest, keyed
from ninethirty.core.errors import CannotStart, OrderRefused
from ninethirty.core.page import main_html, visible_text
from ninethirty.core.seal import PAGE
from ninethirty.core.times import Instant
from ninethirty.core.watch import ANNOUNCED, PAGE_PART, Channel, Part, Policy, Sort, WatchOrder
from ninethirty.witness.errand import file_name
from ninethirty.witness.onward import host_of
from ninethirty.witness.platforms import Platform


def new_key() -> bytes:
    return secrets.token_bytes(32)


def order_by_hand(
    url: str,
    opens: Instant,
    platform: Platform,
    *,
    issued: Instant,
    key: bytes,
    expect: Path | None = None,
    previous: Path | None = None,
    files: Sequence[str] = (),
    also: Sequence[str] = (),
    controls: Sequence[str] = (),
    witnesses: int = 1,
    graces: tuple[int, int] | None = None,
) -> WatchOrder:
    """Raises CannotStart naming the option, what it should be, and what it is."""
    for name, urls in (
        ("URL", [url]),
        ("--files", files),
        ("--also", also),
        ("--control", controls),
    ):
        for one in urls:
            if not host_of(one):
                raise CannotStart(
                    f"{name} {one}: expected an address such as https://www.example.org/x"
                )
    page, parts = _page(url, expect, key), _files(url, expect, files, key)
    if previous:
        page = replace(page, previous=_page(url, previous, key, "--previous").keyed)
        parts = tuple(replace(p, previous=_keyed_file(previous / p.name, key)) for p in parts)
    listings = tuple(Part(f"{Sort.LISTING}:{n}", at) for n, at in enumerate(also, start=1))
    record = platform.record_of(url)
    announced = Channel(
        ANNOUNCED,
        page,
        parts,
        platform.quiet,
        platform.busts(url),
        listings,
        records=(Part(f"{Sort.RECORD}:1", record),) if record else (),
    )
    return WatchOrder(
        release=urlsplit(url).path.strip("/") or host_of(url),
        opens=opens,
        channels=(announced,),
        placeholder=platform.placeholder,
        policy=policy_for(witnesses, platform, graces),
        issued=issued,
        controls=_controls(url, controls),
        platform=platform.name,
    )


def policy_for(witnesses: int, platform: Platform, graces: tuple[int, int] | None = None) -> Policy:
    """Three must miss it and two must see it, as far as there are so many. graces: seconds, in
    place of the platform's. Raises CannotStart for graces that are too long."""
    first, second = graces or (
        platform.provisional_after_seconds,
        platform.confirmed_after_seconds,
    )
    try:
        return Policy(
            timedelta(seconds=first),
            timedelta(seconds=second),
            witnesses=min(3, witnesses),
            agree=min(2, witnesses),
            networks=min(2, witnesses),
        )
    except OrderRefused as refused:
        option = "--grace" if graces else f"--platform {platform.name}"
        raise CannotStart(f"{option}: {refused}") from refused


def _page(url: str, folder: Path | None, key: bytes, option: str = "--expect") -> Part:
    if folder is None:
        return Part(PAGE_PART, url)
    index = folder / PAGE
    try:
        html = index.read_text(encoding="utf-8", errors="replace")
    except OSError as missing:
        raise CannotStart(
            f"{option} {folder}: expected a folder with {PAGE}, found none"
        ) from missing
    text = visible_text(f"<main>{main_html(html)}</main>")
    return Part(PAGE_PART, url, keyed(key, digest(text.encode(errors="replace"))))


def _files(url: str, expect: Path | None, files: Sequence[str], key: bytes) -> tuple[Part, ...]:
    named: dict[str, str] = {}
    for at in files:
        name = file_name(at)
        if not name or name in named:
            found = f"another {name}" if name else "none"
            raise CannotStart(f"--files {at}: expected a file name of its own, found {found}")
        named[name] = at
    if expect is None:
        return tuple(Part(name, at) for name, at in named.items())
    there = {file.name: file for file in sorted(expect.iterdir()) if file.is_file()}
    there.pop(PAGE)
    for name, at in named.items():
        if name not in there:
            raise CannotStart(
                f"--files {at}: expected a file of {expect} "
                f"({', '.join(there) or 'there is none'}), found {name}"
            )
    if named and (missing := sorted(there.keys() - named.keys())):
        raise CannotStart(f"--files: expected an address for {missing[0]} of {expect}, found none")
    return tuple(
        Part(
            name,
            named.get(name, f"{url.rstrip('/')}/{name}"),
            _keyed_file(file, key),
            size_bytes=file.stat().st_size,
        )
        for name, file in there.items()
    )


def _keyed_file(file: Path, key: bytes) -> str:
    """Empty if there is no such file."""
    if not file.is_file():
        return ""
    with file.open("rb") as read:
        return keyed(key, hashlib.file_digest(read, "sha256").hexdigest())


def _controls(url: str, controls: Sequence[str]) -> tuple[Part, ...]:
    return tuple(
        Part(f"{Sort.PLATFORM if host_of(at) == host_of(url) else Sort.UNRELATED}:{n}", at)
        for n, at in enumerate(controls, start=1)
    )
