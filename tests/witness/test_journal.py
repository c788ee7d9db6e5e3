import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import parse
from ninethirty.core.errors import CannotStart
from ninethirty.core.sighting import Sighting, View, read
from ninethirty.witness.journal import Journal
from tests.witness.setting import HALF_PAST


def sighting(n: int) -> Sighting:
    at = HALF_PAST + timedelta(seconds=n)
    headers = {"x-strange": "\x01\x80ü"}
    return Sighting(
        "w1", "n1", "prices-2026-11", "announced", "page", View.USER, at, at, headers=headers
    )


@contextmanager
def journal(folder: Path) -> Iterator[Journal]:
    opened = Journal(folder)
    try:
        yield opened
    finally:
        opened.close()


def unsent(kept: Journal, limit: int = 200) -> list[Sighting]:
    return [read(parse(entry.line)) for entry in kept.unsent(limit)]


def test_sightings_come_back_in_order_until_they_are_acknowledged(tmp_path: Path) -> None:
    with journal(tmp_path) as kept:
        for n in range(5):
            kept.write(sighting(n))
        first, second = kept.unsent(2)
        assert unsent(kept) == [sighting(n) for n in range(5)]
        kept.acknowledge(first.end)
        kept.acknowledge(second.end)
        assert unsent(kept) == [sighting(n) for n in range(2, 5)]

    with journal(tmp_path) as kept:
        assert unsent(kept) == [sighting(n) for n in range(2, 5)]
        kept.write(sighting(5))
        assert unsent(kept)[-1] == sighting(5)


def test_a_line_left_unfinished_by_a_crash_is_dropped(tmp_path: Path) -> None:
    with journal(tmp_path) as kept:
        kept.write(sighting(0))
    with (tmp_path / "sightings.jsonl").open("ab") as file:
        file.write(b'{"witness":"w')

    with journal(tmp_path) as kept:
        kept.write(sighting(1))
        assert unsent(kept) == [sighting(0), sighting(1)]


@pytest.mark.parametrize("noted", ["", "nonsense", "99999999", "-4"])
def test_a_note_of_what_was_sent_that_cannot_be_true_loses_nothing_new(
    tmp_path: Path, noted: str
) -> None:
    (tmp_path / "sent").write_text(noted)
    with journal(tmp_path) as kept:
        kept.write(sighting(0))
        assert unsent(kept) == [sighting(0)]


def test_looking_does_not_wait_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    monkeypatch.setattr(os, "fsync", forced.append)
    with journal(tmp_path) as kept:
        for n in range(500):
            kept.write(sighting(n))
    assert 1 <= len(forced) <= 20


def test_two_witnesses_cannot_keep_one_journal(tmp_path: Path) -> None:
    with journal(tmp_path), pytest.raises(CannotStart, match="--journal"):
        Journal(tmp_path)


def test_what_the_desk_has_taken_is_thrown_away_once_it_is_much(tmp_path: Path) -> None:
    opened = Journal(tmp_path, kept_bytes=1000)
    for n in range(10):
        opened.write(sighting(n))
    entries = opened.unsent(10)
    opened.acknowledge(entries[4].end)
    # Not while there is more to send.
    assert unsent(opened) == [sighting(n) for n in range(5, 10)]
    opened.acknowledge(entries[9].end)
    assert (tmp_path / "sightings.jsonl").stat().st_size == 0
    # Places go on growing: whoever waits for one is not misled.
    opened.write(sighting(10))
    (entry,) = opened.unsent(10)
    assert entry.end == opened.end > entries[9].end
    opened.close()
    with journal(tmp_path) as again:
        assert unsent(again) == [sighting(10)]
