import os
from pathlib import Path

import pytest

from ninethirty.core.document import digest
from ninethirty.core.schedule import Content
from ninethirty.core.times import WallTime
from tests.desk.shelving.setting import (
    CLOCK,
    DATA,
    LONG_HENCE,
    PAGE,
    PATH,
    SOON,
    Place,
    a_folder,
    in_seconds,
)


def answers(place: Place, path: str = PATH) -> list[tuple[str, str, bytes | None]]:
    """When ("now" or "T") each path answers what."""
    return [
        (
            opening.path.removeprefix(path),
            "T" if opening.opens > CLOCK.now() else "now",
            place.shelf().read(opening.answer.digest)
            if isinstance(opening.answer, Content)
            else None,
        )
        for opening in place.openings(path)
    ]


def test_the_page_is_at_the_path_and_the_files_below_it_as_they_are(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f", {"tables/one.csv": b"1"}))
    assert answers(place) == [
        ("", "T", PAGE),
        ("/data.csv", "T", DATA),
        ("/tables/one.csv", "T", b"1"),
    ]
    assert {opening.opens for opening in place.openings()} == {WallTime.parse(LONG_HENCE).resolve()}


def test_sealing_says_what_opens_when_and_what_to_do_next(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.lets_in("north")
    said = place.sealed(a_folder(tmp_path / "f"), "2099-07-01 09:30:15 Europe/London").out
    assert f"Sealed {PATH}: the page and 1 file, {len(PAGE + DATA)} bytes" in said
    assert "2099-07-01 09:30:15 Europe/London (2099-07-01 08:30:15 UTC), in " in said
    assert "before    404" in said
    assert "Not in force until a gate acknowledges it" in said
    assert f"ninethirty hold {PATH} --store {place.store} --key {place.key}" in said
    entry = place.book.sealed_at(PATH)
    assert entry is not None
    assert entry.note is not None
    assert f"digest    {entry.note.seal}" in said


def test_while_no_gate_is_let_in_sealing_says_that_none_can_serve_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    said = place.sealed(a_folder(tmp_path / "f")).out
    assert "NO GATE CAN SERVE IT YET: none is let in." in said
    assert f"ninethirty gates add NAME PUBLIC --store {place.store} --key {place.key}" in said
    assert "Not in force until" not in said


def test_until_t_the_path_answers_what_lies_in_before(tmp_path: Path) -> None:
    place = Place(tmp_path)
    said = place.sealed(a_folder(tmp_path / "f", {"before/logo.png": b"png"}, before=True)).out
    assert "before    the page and 1 file of before/, from now on" in said
    assert answers(place) == [
        ("", "now", SOON),
        ("", "T", PAGE),
        ("/data.csv", "T", DATA),
        ("/logo.png", "now", b"png"),
        ("/logo.png", "T", None),
    ]


def test_at_the_root_of_the_site_files_are_below_one_slash(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), path="/")
    assert [opening.path for opening in place.openings("/")] == ["/", "/data.csv"]


def test_sealing_anew_replaces_what_was_to_open_and_says_so(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", {"old.csv": b"old"})
    place.sealed(folder)
    (folder / "old.csv").unlink()
    (folder / "data.csv").write_bytes(b"revised")
    said = place.sealed(folder, "2099-12-02 09:30 Europe/London").out
    assert "replaces  what was to open 2099-12-01 09:30 Europe/London" in said
    assert f"ends      {PATH}/old.csv answers no more" in said
    assert "A gate that has not yet acknowledged it opens what was sealed before" in said
    assert answers(place) == [("", "T", PAGE), ("/data.csv", "T", b"revised")]


@pytest.mark.parametrize("opens", [LONG_HENCE, "now"])
def test_sealing_the_same_again_changes_nothing(tmp_path: Path, opens: str) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", before=True)
    place.sealed(folder, opens)
    before = place.root()
    said = place.sealed(folder, opens).out
    assert said.startswith("Nothing changed")
    assert place.root() == before


def test_a_changed_page_for_the_time_before_t_takes_the_place_of_the_other_now(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", before=True)
    place.sealed(folder)
    (folder / "before/index.html").write_bytes(b"later")
    place.sealed(folder, in_seconds(3600))
    assert answers(place)[:3] == [("", "now", SOON), ("", "now", b"later"), ("", "T", PAGE)]
    (folder / "before/index.html").unlink()
    (folder / "before").rmdir()
    place.sealed(folder)
    assert answers(place)[:3] == [("", "now", b"later"), ("", "now", None), ("", "T", PAGE)]


def test_now_opens_at_once_and_leaves_before_out(tmp_path: Path) -> None:
    place = Place(tmp_path)
    said = place.sealed(a_folder(tmp_path / "f", before=True), "now").out
    assert "now\n" in said
    assert "before/   is left out" in said
    assert f"ninethirty withdraw {PATH} --reason TEXT" in said
    assert answers(place) == [("", "now", PAGE), ("/data.csv", "now", DATA)]


def test_a_correction_replaces_at_once_what_is_public_and_keeps_it_for_a_slower_clock(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, "now")
    (folder / "index.html").write_bytes(b"corrected")
    (folder / "data.csv").unlink()
    said = place.sealed(folder, "now").out
    assert "replaces  what has been public since" in said
    assert f"ends      {PATH}/data.csv" in said
    assert answers(place) == [
        ("", "now", PAGE),
        ("", "now", b"corrected"),
        ("/data.csv", "now", DATA),
        ("/data.csv", "now", None),
    ]


def test_what_is_public_stays_until_t_when_another_is_to_take_its_place(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, "now")
    (folder / "index.html").write_bytes(b"second")
    said = place.sealed(folder, LONG_HENCE, "--replace").out
    assert "before    what it answers now" in said
    assert answers(place) == [("", "now", PAGE), ("", "T", b"second"), ("/data.csv", "now", DATA)]


def test_two_releases_side_by_side_and_one_below_the_other_are_fine(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    for path in ("/a", "/b", "/a/b"):
        place.sealed(folder, path=path)
    assert len(place.book.documents) == 3


def test_a_new_store_belongs_to_the_site_named(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, LONG_HENCE, "--site", "stats.example")
    place.sealed(folder, path="/other")
    assert place.book.root is not None
    assert place.book.root.site == "stats.example"


def test_a_link_to_a_file_of_the_folder_is_that_file(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    (folder / "latest.csv").symlink_to("data.csv")
    place.sealed(folder)
    assert ("/latest.csv", "T", DATA) in answers(place)


def test_a_large_file_is_copied_whole(tmp_path: Path) -> None:
    place = Place(tmp_path)
    large = os.urandom(5 << 20)
    place.sealed(a_folder(tmp_path / "f", {"large.bin": large}))
    assert place.shelf().read(digest(large)) == large
    assert not list(place.store.rglob("*.part"))


def test_a_page_written_in_markdown_is_sealed_as_readers_will_see_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", {"index.md": b"# Growth\n\n[Data](data.csv)\n"})
    (folder / "index.html").unlink()
    said = place.sealed(folder).out
    assert "the page and 2 files" in said
    page, data, style = answers(place)
    assert page[:2] == ("", "T")
    assert f'<a href="{PATH}/data.csv" class="govuk-link">Data</a>'.encode() in (page[2] or b"")
    assert data == ("/data.csv", "T", DATA)
    assert style[0] == "/page.css"


def test_a_page_for_the_time_before_t_can_be_written_in_markdown_too(tmp_path: Path) -> None:
    place = Place(tmp_path)
    soon = b"# Growth\n\nOut on 1 December, with [notes](notes.csv).\n"
    files = {"before/index.md": soon, "before/notes.csv": b"a,b\n"}
    folder = a_folder(tmp_path / "f", {"index.md": b"# Growth\n\nIt grew.\n", **files})
    (folder / "index.html").unlink()
    said = place.sealed(folder).out
    assert "before    the page and 2 files of before/, from now on" in said
    told = {(path, when): body or b"" for path, when, body in answers(place)}
    assert f'href="{PATH}/before.css"'.encode() in told["", "now"]
    assert f'<a href="{PATH}/notes.csv" class="govuk-link">notes</a>'.encode() in told["", "now"]
    assert b"It grew" not in told["", "now"]
    assert b"It grew" in told["", "T"]
    assert told["/before.css", "now"] == told["/page.css", "T"]
    assert ("/page.css", "now") not in told
