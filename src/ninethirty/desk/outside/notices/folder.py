"""News as plain pages in a folder, for a web server or a copier that belongs to somebody else.

One file a notice, named by its slug: written under another name first, so that nobody reads half of
one, and never over one that is there. The release's files are copied into a folder of that name
beside it, before the page that links them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import quote

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.notices.story import story

_PAGE = """<!doctype html>
<html lang="{language}-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p><time datetime="{at}">{day}</time></p>
{words}
</main>
</body>
</html>
"""


class Folder:
    """place: the folder. public: its address as the public reads it, without a slash at its end."""

    def __init__(self, place: Path, public: str) -> None:
        self._place = place
        self._public = public

    def post(self, notice: Notice) -> Posted:
        try:
            beside = self._copy(notice)
            page = _PAGE.format(
                language=notice.language,
                title=escape(notice.title),
                at=notice.at.text(),
                day=f"{notice.at:%Y-%m-%d %H:%M} UTC",
                words=story(replace(notice, files=beside or notice.files)),
            )
            with self._written(self._place, page.encode()) as new:
                self._file(notice).hardlink_to(new)
        except FileExistsError as taken:
            raise OutsideFailed(f"{self._file(notice)}: is there already", retry=True) from taken
        except OSError as wrong:
            raise OutsideFailed(
                f"{self._place}: cannot be written ({wrong.strerror})", retry=True
            ) from wrong
        return self._posted(notice)

    def find(self, notice: Notice) -> Posted | None:
        return self._posted(notice) if self._file(notice).exists() else None

    def check(self) -> None:
        if not os.access(self._place, os.W_OK | os.X_OK):
            raise OutsideFailed(f"{self._place}: cannot be written", retry=False)

    def _copy(self, notice: Notice) -> tuple[str, ...]:
        """Where they can be read; again over what an attempt that died left half done."""
        folder = self._place / notice.slug
        for name, read in notice.copies.items():
            goal = folder / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            with self._written(goal.parent, read()) as new:
                new.replace(goal)
        return tuple(f"{self._public}/{notice.slug}/{quote(name)}" for name in notice.copies)

    @contextmanager
    def _written(self, folder: Path, content: bytes) -> Iterator[Path]:
        """Whole on the disk, under a name for the meantime."""
        number, name = mkstemp(dir=folder, suffix=".part")
        new = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(number)
            new.chmod(0o644)
            yield new
        finally:
            new.unlink(missing_ok=True)

    def _file(self, notice: Notice) -> Path:
        return self._place / f"{notice.slug}.html"

    def _posted(self, notice: Notice) -> Posted:
        return Posted(notice.slug, f"{self._public}/{notice.slug}.html")
