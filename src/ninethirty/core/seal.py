"""files -> manifest -> digest. The digest is what a second person approves.

Approval covers the whole bundle: every byte of its files, the title, the addresses and the promised
time. Change one and it is another bundle, which nobody has approved.
"""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass

from ninethirty.core.document import Json, canonical, digest
from ninethirty.core.errors import BundleRefused
from ninethirty.core.times import WallTime

PAGE = "index.html"

_types = mimetypes.MimeTypes(filenames=())
_types.add_type("application/vnd.oasis.opendocument.spreadsheet", ".ods")
_types.add_type("text/csv", ".csv")


@dataclass(frozen=True)
class File:
    """One file of a bundle: its name in the folder, and what it is sealed as."""

    name: str
    digest: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True)
class Manifest:
    """A bundle as approved.

    `path` is where the gate carries it; `announced` is the address that was promised, which is the
    same place when the gate is the producer's site.
    """

    release: str
    title: str
    opens: WallTime
    path: str
    announced: str
    files: tuple[File, ...]

    def document(self) -> Json:
        return {
            "release": self.release,
            "title": self.title,
            "opens": str(self.opens),
            "path": self.path,
            "announced": self.announced,
            "files": [
                {
                    "name": file.name,
                    "digest": file.digest,
                    "size_bytes": file.size_bytes,
                    "media_type": file.media_type,
                }
                for file in self.files
            ],
        }


def seal(manifest: Manifest) -> str:
    """The digest that approval is given to."""
    return digest(canonical(manifest.document()))


def files_of(contents: Mapping[str, bytes]) -> tuple[File, ...]:
    """The files of a bundle by name, in order.

    Raises:
        BundleRefused: no page, an empty file, or a name that cannot be an address.
    """
    check_names({name: len(content) for name, content in contents.items()})
    return tuple(
        File(name, digest(content), len(content), media_type(name))
        for name, content in sorted(contents.items())
    )


def check_names(sizes: Mapping[str, int]) -> None:
    """Can files of these names and bytes be a bundle? Raises BundleRefused, as `files_of` does."""
    if PAGE not in sizes:
        raise BundleRefused(
            f"the folder has no {PAGE} and no index.md, which is the page of the release"
        )
    for name, size_bytes in sizes.items():
        check_name(name)
        if not size_bytes:
            raise BundleRefused(f"{name} is empty")


def check_name(name: str) -> None:
    """Raises BundleRefused for a name that could lead out of the folder or hide in an address."""
    parts = name.split("/")
    if any(not part or part.startswith(".") for part in parts):
        raise BundleRefused(f"{name!r}: hidden names, '..' and empty parts are not taken")
    if not name.isprintable() or any(sign in name for sign in '\\%?#"<>|*:'):
        raise BundleRefused(f"{name!r}: has a character that is not safe in an address")


def media_type(name: str) -> str:
    guessed, encoding = _types.guess_type(name)
    if encoding or guessed is None:
        return "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed
