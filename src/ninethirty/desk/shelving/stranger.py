"""Is what is public what was sealed? For somebody who has no store: the public key is enough."""

from collections.abc import Iterable
from urllib.parse import quote, urljoin

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.manifest import Manifest, Part, read_manifest
from ninethirty.desk.shelving.looked_at import LookedAt, fetch, look_at
from ninethirty.desk.shelving.receipts import Receipts, about
from ninethirty.desk.shelving.verify import Verdict
from ninethirty.desk.shelving.words import told

LARGEST = 16 << 20
"""Bytes of a manifest."""


def verify_release(url: str, trusted_key: str, receipts: Iterable[Receipts]) -> Verdict:
    """Ask every address that the manifest names.

    Raises:
        OutsideFailed: no manifest there. DocumentError: it is not one signed by this key.
    """
    receipts = list(receipts)
    manifest = read_manifest(fetch(url, most_bytes=LARGEST), trusted_key)
    same, lines = True, []
    for part in manifest.parts:
        found = _look(urljoin(url, quote(part.path)), part)
        word = _word(part, found)
        same = same and word == _SAME
        opened = about(receipts, part.path, part.digest)
        if word == _SAME and not opened and found and found.modified:
            opened = [f"  open since {found.modified}, says the address"]
        lines += [f"{word:8}{part.path}", *opened]
    head = "Yes: all of it is" if same else "NO: not all of it is"
    return Verdict(same, (f"{head} what was sealed for {_promise(manifest)}", *lines))


def verify_one(place: str, url: str, trusted_key: str, receipts: Iterable[Receipts]) -> Verdict:
    """Is this file, or what this address answers, part of the release? Raises as above;
    CannotStart: there is no such file."""
    manifest = read_manifest(fetch(url, most_bytes=LARGEST), trusted_key)
    largest = max((part.size_bytes for part in manifest.parts), default=0)
    found = look_at(place, most_bytes=largest)
    fits = [
        part
        for part in manifest.parts
        if found.digest == part.digest and found.path in ("", part.path)
    ]
    promise = _promise(manifest)
    if not fits:
        what = found.digest or (f"status {found.status}" if found.status != 200 else "more bytes")
        return Verdict(False, (f"NO: {place} is no part of {promise}", f"  found {what}"))
    lines = [f"Yes: {place} is what was sealed for {promise}"]
    for part in fits:
        lines += [f"  {part.path}", *about(receipts, part.path, part.digest)]
    return Verdict(True, (*lines, f"  digest {found.digest}"))


_SAME, _DIFFERS, _MISSING = "same", "differs", "missing"


def _word(part: Part, found: LookedAt | None) -> str:
    if found is None or found.status != 200:
        return _MISSING
    return _SAME if found.digest == part.digest else _DIFFERS


def _look(url: str, part: Part) -> LookedAt | None:
    try:
        return look_at(url, most_bytes=part.size_bytes)
    except OutsideFailed:
        return None


def _promise(manifest: Manifest) -> str:
    return f"{manifest.path} of {manifest.site}, to open {told(manifest.opens, manifest.zone)}"
