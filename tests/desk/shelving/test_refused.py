"""Each bad input once: one sentence, exit status 2, and the schedule in force untouched."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.schedule import Opening, Redirect
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.book import secret_of
from tests.desk.shelving.setting import (
    CLOCK,
    DATA,
    LONG_HENCE,
    PAGE,
    Place,
    Ran,
    a_folder,
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store in which /public is open and /waiting is to open."""
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), "now", path="/public")
    place.sealed(a_folder(tmp_path / "f"), path="/waiting")
    return place


def refused(place: Place, act: Callable[[], Ran]) -> str:
    """The sentence."""
    before = place.root()
    ran = act()
    assert ran.code == 2, ran
    assert ran.out == ""
    assert ran.err.startswith("ninethirty: ")
    assert ran.err.count("\n") == 1
    assert place.root() == before
    return ran.err.removeprefix("ninethirty: ").rstrip("\n")


def folder(place: Place) -> Path:
    return place.folder / "f"


@pytest.mark.parametrize(
    ("opens", "words"),
    [
        ("2026-12-01 09:30", "is not a wall time such as"),
        ("half past nine", "is not a wall time such as"),
        ("2099-12-01 09:30 Europe/Atlantis", "'Europe/Atlantis' is not a time zone such as"),
        ("2099-12-01 09:30+01:00 Europe/Paris", "has an offset; name the zone instead"),
        ("2030-03-31 01:30 Europe/London", "the clocks go forward over this time"),
        ("2030-10-27 01:30 Europe/London", "the clocks go back, and show this time twice"),
        ("2018-03-08 09:30 Europe/London", "to publish at once say: --opens now"),
        ("9999-12-31 23:30 America/New_York", "out of range"),
    ],
)
def test_a_time_that_cannot_be(place: Place, opens: str, words: str) -> None:
    sentence = refused(place, lambda: place.seal(folder(place), opens))
    assert sentence.startswith("--opens ")
    assert words in sentence


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("statistics/x", "a path begins with /"),
        ("", "a path begins with /"),
        ("/statistics/../x", "leads outside the site"),
        ("/statistics//x", "has an empty part"),
        ("/statistics/x/", "expected no / at the end; say /statistics/x"),
        ("/statistics/x?y=1", "not safe in a path"),
        ("/statistics/%2e%2e/x", "not safe in a path"),
        ("/statistics\n/x", "not safe in a path"),
        ("https://stats.example/x", "expected a path such as /statistics/x, found an address"),
    ],
)
def test_a_path_that_cannot_be(place: Place, path: str, words: str) -> None:
    assert words in refused(place, lambda: place.seal(folder(place), path=path))


def test_a_path_that_belongs_to_another_document(place: Place) -> None:
    sentence = refused(place, lambda: place.seal(folder(place), path="/public/data.csv"))
    assert sentence.startswith("/public/data.csv: expected a free path, found that it belongs to")
    place.sealed(folder(place), path="/lone/data.csv")
    assert "belongs to /lone/data.csv" in refused(
        place, lambda: place.seal(folder(place), path="/lone")
    )


def test_a_path_that_belongs_to_a_release_of_a_desk(place: Place) -> None:
    opening = Opening("/gdp/data.csv", CLOCK.now(), Redirect("/"))
    place.shelf().publish("release/gdp", [opening], CLOCK.now())
    sentence = refused(place, lambda: place.seal(folder(place), path="/gdp"))
    assert "/gdp/data.csv: expected a free path, found that it belongs to release/gdp" in sentence


def test_a_folder_that_is_missing_empty_or_a_file(place: Place) -> None:
    assert "expected a folder, found nothing there" in refused(
        place, lambda: place.seal(place.folder / "none")
    )
    assert "expected a folder, found a file" in refused(
        place, lambda: place.seal(folder(place) / "data.csv")
    )
    (place.folder / "empty").mkdir()
    assert "expected index.html and the files of the release, found none" in refused(
        place, lambda: place.seal(place.folder / "empty")
    )


def test_a_folder_without_its_page(place: Place) -> None:
    (folder(place) / "index.html").unlink()
    sentence = refused(place, lambda: place.seal(folder(place)))
    assert (
        "expected index.html or index.md, which is the page of the release; found data.csv"
        in sentence
    )


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "a\\b.csv", "50%.csv", "a?b.csv", "line\nbreak.csv", "\udcff.csv", ".git/x"],
)
def test_a_name_that_cannot_be_an_address(place: Place, name: str) -> None:
    file = folder(place) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x")
    assert repr(name) in refused(place, lambda: place.seal(folder(place)))


def test_an_empty_file(place: Place) -> None:
    (folder(place) / "data.csv").write_bytes(b"")
    assert "data.csv is empty" in refused(place, lambda: place.seal(folder(place)))


def test_links_out_of_the_folder_to_nowhere_or_to_a_folder(place: Place) -> None:
    link = folder(place) / "link"
    for target, words in (
        (place.key, "link is a link that leads out of the folder"),
        ("link", "link is not a file, or a link that leads nowhere"),
        ("tables", "link is a link to a folder"),
    ):
        (folder(place) / "tables").mkdir(exist_ok=True)
        link.symlink_to(target)
        assert words in refused(place, lambda: place.seal(folder(place)))
        link.unlink()


def test_what_is_no_file(place: Place) -> None:
    os.mkfifo(folder(place) / "pipe")
    assert "pipe is not a file" in refused(place, lambda: place.seal(folder(place)))


def test_a_folder_that_holds_the_key_or_the_store(place: Place) -> None:
    a_folder(place.folder)
    place.key.rename(place.folder / "f" / "key")
    place.key = place.folder / "f" / "key"
    assert "key lies in the folder to be sealed" in refused(
        place, lambda: place.seal(folder(place))
    )
    sentence = refused(place, lambda: place.seal(place.folder))
    assert "lies in the folder to be sealed" in sentence


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"before/data.csv": b"old"}, "data.csv is both in the folder and in before/"),
        ({"before/data.csv": DATA}, "data.csv is both in the folder and in before/"),
        ({"before/index.html": PAGE}, "before/index.html is the page of the release itself"),
        ({"before/index.md": b"# Soon"}, "in before/: the folder has both index.md and index.html"),
    ],
)
def test_a_page_for_the_time_before_t_that_clashes(
    place: Place, files: dict[str, bytes], words: str
) -> None:
    a_folder(folder(place), {"before/index.html": b"soon", **files})
    assert words in refused(place, lambda: place.seal(folder(place)))


def test_what_lies_in_before_has_a_page_too(place: Place) -> None:
    (folder(place) / "before").mkdir()
    assert "before: expected index.html" in refused(place, lambda: place.seal(folder(place)))
    (folder(place) / "before" / "x.csv").write_bytes(b"x")
    assert "found x.csv" in refused(place, lambda: place.seal(folder(place)))


def test_before_as_a_file(place: Place) -> None:
    (folder(place) / "before").write_bytes(b"soon")
    sentence = refused(place, lambda: place.seal(folder(place)))
    assert "before: expected a folder with what the path answers before T, found a file" in sentence


def test_what_is_public_is_not_replaced_without_a_word(place: Place) -> None:
    (folder(place) / "data.csv").write_bytes(b"second")
    sentence = refused(place, lambda: place.seal(folder(place), path="/public"))
    assert "expected a path that is not public yet, found it public since" in sentence
    assert "add --replace" in sentence
    a_folder(folder(place), before=True)
    assert "take before/ out of the folder" in refused(
        place, lambda: place.seal(folder(place), LONG_HENCE, "--replace", path="/public")
    )


def test_what_is_to_open_is_not_opened_early_without_a_word(place: Place) -> None:
    sentence = refused(place, lambda: place.seal(folder(place), "now", path="/waiting"))
    assert "is to open at 2099-12-01 09:30 Europe/London" in sentence
    assert "publishing before that time is early; if it is meant, add --replace" in sentence
    place.sealed(folder(place), "now", "--replace", path="/waiting")


def every_change(place: Place) -> list[Callable[[], Ran]]:
    return [
        lambda: place.seal(folder(place)),
        lambda: place.run("hold", "/waiting", "--wait", "0"),
        lambda: place.run("withdraw", "/public", "--reason", "wrong", "--wait", "0"),
    ]


def test_a_key_of_another_store(place: Place) -> None:
    stranger = SigningKey.new()
    place.key.write_text(stranger.secret())
    for act in every_change(place):
        sentence = refused(place, act)
        assert sentence.startswith(f"{place.store} belongs to another key")
        assert f"expected {stranger.public[:12]}" in sentence


def test_a_store_of_another_site_of_a_drill_or_of_a_gate(place: Place) -> None:
    assert "expected the site 'other', found 'site'" in refused(
        place, lambda: place.seal(folder(place), LONG_HENCE, "--site", "other")
    )
    place.store = place.folder / "drill"
    Shelf(place.store, place.signing, site="site", drill=True).publish("a", [], CLOCK.now())
    for act in every_change(place):
        assert "expected a real schedule, found one of a drill" in refused(place, act)
    place.store = place.folder / "gate"
    place.store.mkdir()
    (place.store / "index.sqlite3").touch()
    for act in every_change(place):
        assert "is the store of a gate; expected the desk's" in refused(place, act)
    place.store = folder(place) / "data.csv"
    for act in every_change(place)[1:]:
        assert "data.csv: expected a folder, found a file" in refused(place, act)


def test_an_older_copy_of_a_store(place: Place) -> None:
    place.lets_in("north")
    ahead = place.acknowledges("north", place.book.version + 1)
    for act in every_change(place):
        sentence = refused(place, act)
        assert f"{place.store} is an older copy: it holds version {place.book.version}" in sentence
        assert f"gate north acknowledged {place.book.version + 1}" in sentence
        assert f"remove {ahead}" in sentence


def test_a_root_that_was_altered(place: Place) -> None:
    root = place.store / "root"
    root.write_bytes(root.read_bytes().replace(b'"site":"site"', b'"site":"sita"'))
    for act in every_change(place):
        assert f"{root} is not as it was signed" in refused(place, act)


def test_a_file_that_is_missing_from_the_store_or_altered(place: Place) -> None:
    (folder(place) / "index.html").write_bytes(b"second")
    name = place.shelf().lies(digest(DATA))["identity"].object
    kept = place.store / "objects" / name[:2] / name
    kept.write_bytes(bytes(kept.stat().st_size))
    sentence = refused(place, lambda: place.seal(folder(place), path="/public", opens="now"))
    assert f"/public/data.csv: {digest(DATA)[:12]}…: chunk 0 is not as it was sealed" in sentence
    kept.unlink()
    (folder(place) / "data.csv").unlink()
    sentence = refused(place, lambda: place.seal(folder(place), path="/public", opens="now"))
    assert f"/public/data.csv: {digest(DATA)[:12]}…: not on the shelf" in sentence


def test_a_note_that_was_altered(place: Place) -> None:
    entry = place.book.sealed_at("/waiting")
    assert entry is not None
    secret = secret_of(place.store, place.signing)
    note = place.store / "notes" / secret.place("note", entry.document)
    note.write_bytes(note.read_bytes()[:-1] + b"!!")
    sentence = refused(place, lambda: place.run("hold", "/waiting", "--wait", "0"))
    assert f"{note} is not as it was written" in sentence
    note.unlink()
    assert place.run("hold", "/waiting", "--wait", "0").code == 1
    assert [opening.path for opening in place.openings("/waiting")] == []


def test_holding_what_is_not_scheduled_is_a_part_or_is_open(place: Place) -> None:
    def hold(path: str) -> Callable[[], Ran]:
        return lambda: place.run("hold", path, "--wait", "0")

    assert "has none such; did you mean /waiting?" in refused(place, hold("/waitnig"))
    assert "has none such; see: ninethirty schedule" in refused(place, hold("/zzz"))
    assert "/waiting/data.csv is a part of /waiting" in refused(place, hold("/waiting/data.csv"))
    assert "to take it down use: ninethirty withdraw /public" in refused(place, hold("/public"))
    place.run("withdraw", "/public", "--reason", "wrong", "--wait", "0")
    assert "found it withdrawn since" in refused(place, hold("/public"))


def test_withdrawing_what_is_not_there_or_not_open_yet_or_without_a_reason(place: Place) -> None:
    def withdraw(path: str, reason: str = "wrong") -> Callable[[], Ran]:
        return lambda: place.run("withdraw", path, "--reason", reason, "--wait", "0")

    assert "did you mean /public?" in refused(place, withdraw("/pblic"))
    assert "to take that back use: ninethirty hold /waiting" in refused(place, withdraw("/waiting"))
    assert "--reason: expected words that readers will see" in refused(
        place, withdraw("/public", "  ")
    )
    assert "at most 2000 characters; found 2001" in refused(place, withdraw("/public", "x" * 2001))
    place.run("hold", "/waiting", "--wait", "0")
    assert "was held and answers nothing" in refused(place, withdraw("/waiting"))


def test_a_store_without_a_schedule(place: Place) -> None:
    place.store = place.folder / "mistyped"
    for act in [
        *every_change(place)[1:],
        lambda: place.run("schedule"),
        lambda: place.run("verify", str(place.key)),
    ]:
        sentence = refused(place, act)
        assert "expected a store with a schedule, found nothing there" in sentence
    assert not place.store.exists()
    place.store.mkdir()
    assert "found a folder without one" in refused(place, lambda: place.run("schedule"))


def test_verifying_what_is_not_there(place: Place) -> None:
    assert "expected a file, or an address with http://, found nothing there" in refused(
        place, lambda: place.run("verify", "nothing.csv")
    )
    assert "found a folder" in refused(place, lambda: place.run("verify", str(place.folder)))
    assert "expected an answer, got none" in refused(
        place, lambda: place.run("verify", "http://127.0.0.1:9/x")
    )


def test_markdown_in_which_something_is_wrong(place: Place) -> None:
    (folder(place) / "index.html").unlink()
    (folder(place) / "index.md").write_bytes(b"# Growth\n\n<script>run()</script>\n")
    said = refused(place, lambda: place.seal(folder(place), path="/new"))
    assert said.startswith("index.md, line 3: expected Markdown, found HTML: '<script>")


def test_a_page_before_t_in_markdown_that_cannot_be(place: Place) -> None:
    before = folder(place) / "before"
    before.mkdir()
    (before / "index.md").write_bytes(b"# Growth\n\n<script>run()</script>\n")
    said = refused(place, lambda: place.seal(folder(place)))
    assert said.startswith("in before/: index.md, line 3: expected Markdown, found HTML")
    (before / "index.md").write_bytes(b"# Growth\n\nSoon.\n")
    (folder(place) / "before.css").write_bytes(b"p { color: red }")
    said = refused(place, lambda: place.seal(folder(place)))
    assert "before.css is both in the folder and in before/" in said
    (folder(place) / "before.css").unlink()
    (folder(place) / "index.html").unlink()
    (folder(place) / "index.md").write_bytes(b"# Growth\n\nSoon.\n")
    said = refused(place, lambda: place.seal(folder(place)))
    assert "before/index.md is the page of the release itself" in said
