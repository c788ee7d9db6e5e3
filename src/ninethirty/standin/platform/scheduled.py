"""What a producer gave the platform to publish at an instant."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ninethirty.core.times import Instant

CANONICAL = "/government/statistics/"


@dataclass(frozen=True)
class Scheduled:
    """One page promised for an instant, with its files."""

    slug: str
    title: str
    opens: Instant
    body_html: str
    files: Mapping[str, bytes]
    media: str
    """Where its files are, under /media/: nobody can guess it, and it survives a new upload."""

    @property
    def path(self) -> str:
        return CANONICAL + self.slug

    @property
    def announcement(self) -> str:
        return f"{CANONICAL}announcements/{self.slug}"

    @property
    def listing(self) -> str:
        return f"/government/collections/{self.slug}"

    @property
    def feed(self) -> str:
        return f"{self.listing}.atom"

    def file_path(self, name: str) -> str:
        return f"/media/{self.media}/{quote(name)}"

    def file_paths(self) -> dict[str, str]:
        return {name: self.file_path(name) for name in self.files}


def media_of(slug: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}/{slug}".encode()).hexdigest()[:24]
