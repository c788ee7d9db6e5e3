"""Everything to look at again in a bundle, file by file."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from ninethirty.core.page import visible_text
from ninethirty.core.seal import PAGE, File, Manifest
from ninethirty.desk.checks import html, office, pdf
from ninethirty.desk.checks.finding import Finding
from ninethirty.desk.papers.cells import EMAIL, TELEPHONE

LARGEST_BYTES = 50_000_000
"""Of a file that is looked into, in memory."""

_STATUS = re.compile(
    r"\b(?:accredited |national |experimental )?(?:official )?statistics in development\b"
    r"|\b(?:accredited official|official|national|experimental) statistics\b",
    re.IGNORECASE,
)


def look(manifest: Manifest, read: Callable[[str], bytes]) -> list[Finding]:
    """read: the bytes with a digest."""
    names = tuple(file.name for file in manifest.files)
    found = [
        Finding(file.name, says)
        for file in manifest.files
        for says in _once(file, names, manifest.path, _Read(read))
    ]
    page = next(file for file in manifest.files if file.name == PAGE)
    words = visible_text(read(page.digest).decode(errors="replace"))
    if not (EMAIL.search(words) or TELEPHONE.search(words)):
        found.append(Finding("", "its page names no contact: no e-mail address, no telephone"))
    if not _STATUS.search(words):
        found.append(Finding("", "its page has no status label such as “Official statistics”"))
    return found


class _Read:
    """Equal to every other, so that what was found is kept by the digest of the file alone."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self.read = read

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Read)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=2000)
def _once(file: File, names: tuple[str, ...], path: str, source: _Read) -> tuple[str, ...]:
    """The same bytes under the same names are looked into once."""
    return tuple(_look(file, names, path, source.read))


def _look(
    file: File, names: tuple[str, ...], path: str, read: Callable[[str], bytes]
) -> Iterator[str]:
    kind = PurePosixPath(file.name).suffix.lower()
    if kind not in (".html", ".htm", ".pdf", *office.KINDS):
        return
    if file.size_bytes > LARGEST_BYTES:
        yield "is too large to be looked into; look yourself"
        return
    content = read(file.digest)
    if kind == ".pdf":
        yield from pdf.look(content)
    elif kind in office.KINDS:
        yield from office.look(file.name, content)
    else:
        yield from html.look(file.name, content.decode(errors="replace"), names, path)
