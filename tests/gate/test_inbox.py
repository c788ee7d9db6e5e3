"""What readers tell us through a gate."""

import http.client
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ninethirty.core import letter
from ninethirty.core.errors import Malformed, OutsideFailed
from ninethirty.core.letter import LONGEST_WORDS, Letter
from ninethirty.gate import inbox
from ninethirty.gate.inbox import Inbox, read_form
from ninethirty.gate.source import Folder, Source
from tests.core.made import HALF_PAST
from tests.gate.made import Gate, a_shelf, key_of, started, until

TABLE_2 = Letter("/statistics/gdp", "Table 2 is empty.", HALF_PAST)


class Silent(Folder):
    """A source that cannot be asked now."""

    def hand_in(self, gate: str, name: str, letter: bytes) -> None:
        raise OutsideFailed("nobody answers", retry=True)


def post(gate: Gate, body: bytes, path: str = letter.PATH) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=5)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, body=body, headers=kind)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, named, answer.read()
    finally:
        connection.close()


def form(words: str = TABLE_2.words) -> bytes:
    return urlencode({"about": TABLE_2.about, "words": words}).encode()


def lying(folder: Path) -> list[Path]:
    return sorted((folder / "desk" / "inbox").glob("*"))


def test_what_a_reader_writes_reaches_the_desks_shelf(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with started(tmp_path, key_of(shelf)) as gate:
        status, headers, page = post(gate, form("Zwölf, not 11 & <b>13</b>\r\n\r\n"))
        assert status == 200
        assert headers["cache-control"] == "no-store"
        assert b"Thank you for telling us" in page
        until(lambda: len(lying(tmp_path)) == 1)
        [place] = lying(tmp_path)
        assert place.name.startswith("gate-")
        found = letter.read(place.read_bytes())
        assert (found.about, found.words) == (TABLE_2.about, "Zwölf, not 11 & <b>13</b>")
        until(lambda: Inbox(tmp_path / "gate").waiting() == [])
        assert shelf.letters() == [place]


def test_what_cannot_be_taken_is_answered_in_words_and_kept_nowhere(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with started(tmp_path, key_of(shelf)) as gate:
        for body, why in (
            (b"words", b"could not be read"),
            (form(""), b"Nothing was written"),
            (form("a" * 28_000), b"too long"),
        ):
            status, _, page = post(gate, body)
            assert status == 400
            assert why in page
        assert post(gate, form(), "/statistics/gdp")[0] == 405
        assert gate.get(letter.PATH)[0] == 404
    assert Inbox(tmp_path / "gate").waiting() == lying(tmp_path) == []


def test_a_flood_is_told_to_come_back_and_fills_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST", 3)
    box = Inbox(tmp_path)
    assert [box.put(TABLE_2) for _ in range(5)] == [True, True, True, False, False]
    assert len(box.waiting()) == 3


def test_letters_wait_while_no_source_answers_and_are_handed_in_to_the_first_that_does(
    tmp_path: Path,
) -> None:
    box, silent = Inbox(tmp_path), Silent(tmp_path / "silent")
    box.put(TABLE_2)
    with pytest.raises(OutsideFailed):
        box.hand_in("gate", [silent])
    assert len(box.waiting()) == 1
    (tmp_path / "desk").mkdir()
    sources: list[Source] = [silent, Folder(tmp_path / "desk")]
    assert box.hand_in("gate", sources) == 1
    assert len(lying(tmp_path)) == 1
    assert box.waiting() == []


def test_a_letter_handed_in_twice_is_one_letter(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    box, desk = Inbox(tmp_path), Folder(tmp_path / "desk")
    box.put(TABLE_2)
    [place] = box.waiting()
    desk.hand_in("gate", place.name, place.read_bytes())  # and died before it was deleted here
    box.hand_in("gate", [desk])
    assert len(lying(tmp_path)) == 1


def test_half_a_letter_is_not_handed_in(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    box.put(TABLE_2)
    (tmp_path / "inbox" / "20261201T093000-ab.part").write_bytes(b"{")
    assert len(box.waiting()) == 1


def fields(**changed: str) -> bytes:
    return urlencode({"about": "/statistics/gdp", "words": "Table 2 is empty."} | changed).encode()


def test_a_form_says_which_page_and_what_is_wrong() -> None:
    assert read_form(fields(), HALF_PAST) == Letter(
        "/statistics/gdp", "Table 2 is empty.", HALF_PAST
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "Nothing was written"),
        (b"words", "could not be read"),
        (b"\xff=\xff", "could not be read"),
        (b"words=a&about=%ff", "could not be read"),
        (b"&".join([b"words=a"] * 9), "could not be read"),
        (fields(words=""), "Nothing was written"),
        (fields(words=" \t\n "), "Nothing was written"),
        (fields(about=""), "which page"),
        (fields(about="https://elsewhere.example/"), "which page"),
        (fields(about="/a\nb"), "which page"),
        (fields(about="/" + "a" * 300), "which page"),
        (fields(words="a" * (LONGEST_WORDS + 1)), "at most 2000 letters"),
        (fields(words="a" * 28_000), "too long"),
    ],
)
def test_what_cannot_be_taken_is_said_to_whoever_sent_it(body: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_form(body, HALF_PAST)


def test_the_longest_letter_is_taken_in_any_alphabet() -> None:
    words = "\U00010348" * LONGEST_WORDS
    assert read_form(fields(words=words), HALF_PAST).words == words


def test_what_no_database_keeps_is_replaced() -> None:
    assert read_form(fields(words="a\0b"), HALF_PAST).words == "a\ufffdb"
