"""The signed manifest of a release: what is at which address from T on, for whoever has the key.

It opens with the release, at PATH/manifest.json. It does not name itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ninethirty.core.document import Json, SigningKey, open_signed
from ninethirty.core.errors import Malformed, NotAnInstant, ScheduleRefused
from ninethirty.core.schedule import check_path
from ninethirty.core.times import Instant

MANIFEST = "manifest"
NAME = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One address, and what is there."""

    path: str
    digest: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True)
class Manifest:
    site: str
    path: str
    opens: Instant
    zone: str
    """Where T was promised."""
    parts: tuple[Part, ...]


def address(path: str) -> str:
    """Where the manifest of the release at this path is."""
    return f"{path.rstrip('/')}/{NAME}"


def write_manifest(manifest: Manifest, key: SigningKey) -> bytes:
    """The same bytes whenever the same is signed."""
    return key.sign(
        MANIFEST,
        {
            "site": manifest.site,
            "path": manifest.path,
            "opens": manifest.opens.text(),
            "zone": manifest.zone,
            "parts": [
                {
                    "path": part.path,
                    "sha256": part.digest,
                    "size_bytes": part.size_bytes,
                    "media_type": part.media_type,
                }
                for part in sorted(manifest.parts, key=lambda part: part.path)
            ],
        },
    )


def read_manifest(data: bytes, trusted_key: str) -> Manifest:
    """Raises Malformed, WrongKey or SealBroken: it says nothing of the release."""
    body = open_signed(MANIFEST, data, trusted_key)
    try:
        parts = tuple(_parts(body["parts"]))
        check_path(body["path"])
        site, zone = body["site"], body["zone"]
        if not isinstance(site, str) or not isinstance(zone, str):
            raise Malformed("not the manifest of a release")
        return Manifest(site, body["path"], Instant.parse(body["opens"]), zone, parts)
    except (KeyError, TypeError, NotAnInstant, ScheduleRefused) as wrong:
        raise Malformed(f"not the manifest of a release ({wrong!r})") from wrong


def _parts(rows: Iterable[Json]) -> Iterable[Part]:
    for row in rows:
        match row:
            case {
                "path": str(path),
                "sha256": str(digest),
                "size_bytes": int(size_bytes),
                "media_type": str(media_type),
            }:
                check_path(path)
                yield Part(path, digest, size_bytes, media_type)
            case _:
                raise Malformed(f"not a part of a release: {row!r}")
