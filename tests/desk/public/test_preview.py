import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ninethirty.core.errors import BundleRefused
from ninethirty.core.page import visible_text
from ninethirty.desk.public.command import site

OPENS = "2026-12-01 09:30 Europe/London"
PAGE = b"# Output\n\nIt grew by 0.3%. [Data](growth.csv)\n"


def folder(place: Path, page: bytes = PAGE) -> Path:
    place.mkdir()
    (place / "index.md").write_bytes(page)
    (place / "growth.csv").write_bytes(b"Quarter,Growth\nQ3,0.3\n")
    return place


def previewed(*words: str) -> str:
    came = CliRunner().invoke(site, ["preview", *words])
    if came.exception:
        raise came.exception
    return came.stdout


def test_a_release_is_previewed_before_and_after_t(tmp_path: Path) -> None:
    to = tmp_path / "preview"
    said = previewed(
        str(folder(tmp_path / "f")), "--opens", OPENS, "--path", "/a/b", "--to", str(to)
    )
    assert [line.split()[-1] for line in said.splitlines()] == [
        str(to / "before.html"), str(to / "after.html"),
    ]  # fmt: skip
    before, after = ((to / f"{name}.html").read_text() for name in ("before", "after"))
    assert "Output" in visible_text(before), "the title is promised"
    assert "0.3" not in before
    assert "growth.csv" not in before
    assert "It grew by 0.3%." in visible_text(after)
    assert "Quarter Growth Q3 0.3" in visible_text(after), "the beginning of the file"
    assert (to.stat().st_mode & 0o777) == 0o700, "others could read it before T"


def test_what_the_previewed_pages_ask_for_lies_beside_them(tmp_path: Path) -> None:
    to = tmp_path / "preview"
    previewed(str(folder(tmp_path / "f")), "--opens", OPENS, "--path", "/a/b", "--to", str(to))
    after = (to / "after.html").read_text()
    asked = re.findall(r'(?:href|src)="([^"#/:][^":]*\.(?:css|js|csv))"', after)
    assert len(asked) >= 3
    assert all((to / place).is_file() for place in asked), asked


def test_of_a_folder_that_is_refused_nothing_is_written(tmp_path: Path) -> None:
    wrong = folder(tmp_path / "f", b"# Output\n\n<script>x</script>\n")
    with pytest.raises(BundleRefused, match="line 3: expected Markdown"):
        previewed(str(wrong), "--opens", OPENS, "--to", str(tmp_path / "preview"))
    assert not (tmp_path / "preview").exists()
