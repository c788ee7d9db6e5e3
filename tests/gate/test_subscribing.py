"""The form and the links by which people are told by mail, at a real gate."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from ninethirty.core import letter
from ninethirty.core.letter import LINKS, SUBSCRIBE_PATH, Letter, Sent, link
from ninethirty.gate import inbox
from ninethirty.gate.inbox import Inbox
from tests.core.made import HALF_PAST
from tests.gate.made import a_shelf, key_of, started, until
from tests.gate.test_inbox import lying, post

TOKEN = "AnybodysToken_-0"
ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058, section 3.1


def wish(**changed: str) -> bytes:
    return urlencode({"about": "/series/gdp", "email": "me@Example.ORG"} | changed).encode()


def handed_in(folder: Path) -> list[tuple[Sent, str, str, bool]]:
    found = [letter.read(place.read_bytes()) for place in lying(folder)]
    return sorted((one.sent, one.about, one.words, one.late) for one in found)


def test_what_people_ask_and_the_links_they_follow_reach_the_desks_shelf(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with started(tmp_path, key_of(shelf)) as gate:
        status, headers, page = post(gate, wish(late="yes"), SUBSCRIBE_PATH)
        assert (status, headers["cache-control"]) == (200, "no-store")
        assert b"Look at your mail" in page
        assert b"me@" not in page  # whether we know it is nobody's business
        until(lambda: len(lying(tmp_path)) == 1)
        for act in LINKS:
            status, named, page = gate.get(link(act, TOKEN))
            assert (status, page.count(b"<button")) == (200, 1)
            assert page.count(b'<form method="post">') == 1  # to where it is
            assert {name.lower(): value for name, value in named.items()}[
                "cache-control"
            ] == "no-store"
        # Whoever only looked, a scanner of mail for one, has asked for nothing.
        assert len(lying(tmp_path)) == 1
        assert post(gate, b"", link(Sent.CONFIRM, TOKEN))[0] == 200
        assert post(gate, b"", link(Sent.ERASE, TOKEN))[0] == 200
        assert post(gate, ONE_CLICK, link(Sent.LEAVE, TOKEN))[0] == 200
        until(lambda: len(lying(tmp_path)) == 4)
    assert handed_in(tmp_path) == [
        (Sent.CONFIRM, "/", TOKEN, False),
        (Sent.ERASE, "/", TOKEN, False),
        (Sent.LEAVE, "/", TOKEN, False),
        (Sent.SUBSCRIBE, "/series/gdp", "me@example.org", True),
    ]


def test_what_is_no_address_and_no_link_is_answered_in_words_and_kept_nowhere(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    with started(tmp_path, key_of(shelf)) as gate:
        for body, why in (
            (wish(email="nobody"), b"not an address"),
            (wish(email="me@example.org\r\nBcc: you@example.org"), b"not an address"),
            (wish(about="https://elsewhere.example/"), b"which page"),
            (wish(email="a" * 28_000), b"too long"),
        ):
            status, _, page = post(gate, body, SUBSCRIBE_PATH)
            assert status == 400
            assert why in page
        for path in (link(Sent.LEAVE, "a" * 101), link(Sent.LEAVE, "../x"), "/subscription/stay/x"):
            assert gate.get(path)[0] == 404
            assert post(gate, ONE_CLICK, path)[0] == 405
        assert gate.get(SUBSCRIBE_PATH)[0] == 404
    assert Inbox(tmp_path / "gate").waiting() == lying(tmp_path) == []


def test_a_flood_of_wishes_leaves_room_for_whoever_says_that_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST", 4)
    box = Inbox(tmp_path)
    wishes = Letter("/series/gdp", "me@example.org", HALF_PAST, Sent.SUBSCRIBE)
    assert [box.put(wishes) for _ in range(3)] == [True, True, False]
    assert box.put(Letter("/statistics/gdp", "Table 2 is empty.", HALF_PAST))
