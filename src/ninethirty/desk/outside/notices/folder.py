"""News as plain pages in a folder, for a web server or a copier that belongs to somebody else.

One file a notice, named by its slug: written under another name first, so that nobody reads half of
one, and never over one that is there.
"""

import os
from html import escape
from pathlib import Path
from tempfile import NamedTemporaryFile

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
        page = _PAGE.format(
            language=notice.language,
            title=escape(notice.title),
            at=notice.at.text(),
            day=f"{notice.at:%Y-%m-%d %H:%M} UTC",
            words=story(notice),
        )
        try:
            with NamedTemporaryFile("w", dir=self._place, suffix=".part", encoding="utf-8") as new:
                new.write(page)
                new.flush()
                os.fsync(new.fileno())
                Path(new.name).chmod(0o644)
                self._file(notice).hardlink_to(new.name)
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

    def _file(self, notice: Notice) -> Path:
        return self._place / f"{notice.slug}.html"

    def _posted(self, notice: Notice) -> Posted:
        return Posted(notice.slug, f"{self._public}/{notice.slug}.html")
