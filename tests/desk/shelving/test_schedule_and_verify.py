import json
from datetime import timedelta
from pathlib import Path

from ninethirty.core.document import digest
from ninethirty.core.schedule import Content, Opening
from ninethirty.desk.shelving.verify import verify
from tests.desk.shelving.setting import (
    CLOCK,
    DATA,
    LONG_HENCE,
    PAGE,
    PATH,
    SOON,
    ClockAt,
    Place,
    a_folder,
)


def a_place(folder: Path) -> Place:
    """Something to open, something open, something held, something withdrawn."""
    place = Place(folder)
    one = a_folder(folder / "f", before=True)
    place.sealed(one, path="/later")
    place.sealed(one, "2099-07-01 09:30 Europe/London", path="/sooner")
    place.sealed(one, path="/held")
    place.run("hold", "/held", "--wait", "0")
    for path in ("/open", "/withdrawn"):
        place.sealed(one, "now", path=path)
    place.run("withdraw", "/withdrawn", "--reason", "Table 2\nwas wrong", "--wait", "0")
    return place


def test_the_schedule_is_listed_with_what_is_next_first(tmp_path: Path) -> None:
    lines = a_place(tmp_path).run("schedule").out.splitlines()
    assert [line.split()[0] for line in lines[:6]] == [
        *("PATH", "/sooner", "/later", "/open", "/held", "/withdrawn")
    ]
    assert "2099-07-01 09:30 Europe/London 2099-07-01 08:30:00 the page and 1 file" in (
        " ".join(lines[1].split())
    )
    assert "opens in " in lines[1]
    assert "held, does not open" in lines[4]
    assert "Table 2 was wrong" in lines[5]
    assert lines[-2].endswith("Not in force: no gate has acknowledged anything from this store.")


def test_below_the_schedule_stands_which_gates_have_taken_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    place.lets_in("north", "south")
    place.acknowledges("north")
    place.sealed(tmp_path / "f", path="/other")
    place.acknowledges("south")
    out = place.run("schedule").out
    assert "In force at: south" in out
    assert "NOT IN FORCE at: north" in out


def test_the_schedule_as_json_names_every_file(tmp_path: Path) -> None:
    rows = json.loads(a_place(tmp_path).run("schedule", "--json").out)
    sooner = rows[0]
    assert (sooner["path"], sooner["state"]) == ("/sooner", "to open")
    assert sooner["opens"] == "2099-07-01T08:30:00.000000Z"
    assert sooner["local"] == "2099-07-01 09:30 Europe/London"
    *files, manifest = [(file["path"], file["digest"]) for file in sooner["files"]]
    assert files == [("/sooner", digest(PAGE)), ("/sooner/data.csv", digest(DATA))]
    assert manifest[0] == "/sooner/manifest.json"
    assert rows[-1]["reason"] == "Table 2\nwas wrong"


def test_releases_of_a_desk_are_listed_in_utc(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    shelf = place.shelf()
    content = Content(shelf.put(b"gdp"), 3, "text/html")
    hour = timedelta(hours=1)
    for name, opens in (("gdp", CLOCK.now() + hour), ("old", CLOCK.now() - hour)):
        shelf.publish(f"release/{name}", [Opening(f"/{name}", opens, content)], CLOCK.now())
    rows = {row["path"]: row for row in json.loads(place.run("schedule", "--json").out)}
    assert (rows["/gdp"]["state"], rows["/old"]["state"]) == ("to open", "open")
    assert rows["/gdp"]["local"].endswith(" UTC")


def test_a_file_is_what_was_sealed_and_it_is_said_for_what_and_when_it_opens(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", before=True)
    place.sealed(folder)
    yes = place.run("verify", str(folder / "data.csv"))
    assert yes.code == 0
    assert f"sealed for {PATH}/data.csv, opens 2099-12-01 09:30 Europe/London" in yes.out
    soon = place.run("verify", str(folder / "before" / "index.html"))
    assert soon.code == 0
    assert f"sealed for {PATH}, for the time before T, open since" in soon.out


def test_a_file_with_one_byte_changed_or_more_is_not(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder)
    (folder / "data.csv").write_bytes(DATA.replace(b"0.3", b"0.4"))
    no = place.run("verify", str(folder / "data.csv"))
    assert no.code == 1
    assert no.out.startswith(f"NO: {folder / 'data.csv'} is not what is sealed now")
    (folder / "data.csv").write_bytes(DATA * 100)
    assert (
        "is longer than anything that was sealed"
        in place.run("verify", str(folder / "data.csv")).out
    )


def test_what_was_sealed_once_is_known_but_not_taken_for_what_is_sealed_now(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder)
    (folder / "data.csv").write_bytes(b"second")
    place.sealed(folder)
    old = tmp_path / "old.csv"
    old.write_bytes(DATA)
    replaced = place.run("verify", str(old))
    assert replaced.code == 1
    assert f"it was sealed for {PATH}/data.csv, to open at 2099-12-01 09:30" in replaced.out
    assert "another was sealed in its place at" in replaced.out
    place.run("hold", PATH, "--wait", "0")
    held = place.run("verify", str(folder / "data.csv"))
    assert held.code == 1
    assert "that was held at" in held.out


def test_a_withdrawn_file_is_not_what_is_sealed_now(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, "now")
    place.run("withdraw", PATH, "--reason", "wrong", "--wait", "0")
    no = place.run("verify", str(folder / "data.csv"))
    assert no.code == 1
    assert f"it was public at {PATH}/data.csv from" in no.out
    assert "that was withdrawn at" in no.out


def test_after_t_the_page_from_before_is_not_what_was_sealed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", before=True)
    place.sealed(folder)
    entry = place.book.sealed_at(PATH)
    assert entry is not None
    assert entry.note is not None
    soon = tmp_path / "soon.html"
    soon.write_bytes(SOON)
    t = entry.note.opens
    assert verify(str(soon), place.book, ClockAt(t - timedelta(microseconds=1))).yes
    assert not verify(str(soon), place.book, ClockAt(t)).yes
    assert verify(str(folder / "index.html"), place.book, ClockAt(t)).yes


def test_sealing_and_holding_by_turns_keeps_a_history_that_ends(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    for _ in range(3):
        place.sealed(folder, LONG_HENCE)
        place.run("hold", PATH, "--wait", "0")
    assert "that was held at" in place.run("verify", str(folder / "data.csv")).out
    old = tmp_path / "old.csv"
    old.write_bytes(DATA)
    (folder / "data.csv").write_bytes(b"second")
    place.sealed(folder)
    assert "that was held at" in place.run("verify", str(old)).out
