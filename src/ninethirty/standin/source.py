"""What is right: the producer's own folder, read without help from anything that published it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ninethirty.standin.visible import visible_text

PAGE = "index.html"


@dataclass(frozen=True)
class Source:
    text: str
    """What the page must say, among whatever a site puts around it."""
    files: Mapping[str, str]
    """SHA-256 by name."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises ValueError for a page without words (anything would be right), or OSError."""
        html = (folder / PAGE).read_text(encoding="utf-8")
        text = visible_text(html, "main") or visible_text(html, "body") or visible_text(html)
        if not text:
            raise ValueError(f"{folder / PAGE} says nothing")
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in paths
        }
        del files[PAGE]
        return cls(text, files)

    def page_is_right(self, status: int, body: bytes) -> bool:
        said = visible_text(body.decode("utf-8", "replace")) or ""
        return status == 200 and self.text in said

    def file_is_right(self, name: str, status: int, digest: str) -> bool:
        return status == 200 and self.files.get(name) == digest
