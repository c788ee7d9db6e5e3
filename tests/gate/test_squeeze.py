import random
from contextlib import closing
from pathlib import Path

import pytest

from ninethirty.core.document import digest
from ninethirty.core.schedule import Content, Opening
from ninethirty.gate.squeeze import LARGEST_BYTES, SMALLEST_BYTES, squeezed, worth_squeezing
from ninethirty.gate.squeezer import squeeze_some
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST, at
from tests.gate.made import RELEASE, a_shelf, arm_from, content


@pytest.mark.parametrize(
    ("media_type", "worth"),
    [
        ("text/html; charset=utf-8", True), ("text/csv", True), ("TEXT/PLAIN", True),
        ("application/json", True), ("application/ld+json", True), ("application/atom+xml", True),
        ("image/svg+xml", True), ("application/javascript", True),
        ("image/png", False), ("application/zip", False), ("application/pdf", False),
        ("application/vnd.oasis.opendocument.spreadsheet", False),
    ],
)  # fmt: skip
def test_text_is_worth_squeezing(media_type: str, worth: bool) -> None:
    assert worth_squeezing(Content("ab", 20_000, media_type)) is worth


def test_what_fits_a_packet_or_not_into_memory_is_left_as_it_is() -> None:
    sizes = [SMALLEST_BYTES - 1, SMALLEST_BYTES, LARGEST_BYTES, LARGEST_BYTES + 1]
    worth = [worth_squeezing(Content("ab", size, "text/csv")) for size in sizes]
    assert worth == [False, True, True, False]


def test_only_what_is_smaller_is_kept() -> None:
    assert set(squeezed(RELEASE)) == {"br", "zstd", "gzip"}
    assert squeezed(random.Random(1).randbytes(5000)) == {}


def test_the_same_file_gives_the_same_bytes_every_time() -> None:
    assert squeezed(RELEASE) == squeezed(RELEASE)


def test_what_opens_first_is_squeezed_first_and_once(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    texts = [b"%d" % n * 2000 for n in range(3)]
    shelf.publish(
        "release/q",
        [Opening(f"/{n}", at(-n), content(shelf, text)) for n, text in enumerate(texts)],
        HALF_PAST,
    )
    with closing(Store(tmp_path / "gate")) as store:
        arm_from(store, tmp_path / "desk", shelf)
        assert store.unsqueezed(9) == [digest(text) for text in reversed(texts)]
        assert squeeze_some(store, 1) == 1
        assert set(store.encodings(digest(texts[2]))) == {"br", "zstd", "gzip"}
        assert store.encodings(digest(texts[1])) == {}
        assert squeeze_some(store) == 2
        assert squeeze_some(store) == 0


def test_a_file_named_again_is_not_squeezed_again(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with closing(Store(tmp_path / "gate")) as store:
        for path in ("/a", "/b"):
            shelf.publish(path, [Opening(path, HALF_PAST, content(shelf, RELEASE))], HALF_PAST)
            arm_from(store, tmp_path / "desk", shelf)
            assert squeeze_some(store) == (1 if path == "/a" else 0)


def test_a_file_lost_in_between_stops_nothing(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    lost = content(shelf, RELEASE)
    shelf.publish(
        "release/q",
        [Opening("/a", HALF_PAST, lost), Opening("/b", at(1), content(shelf, RELEASE[1:]))],
        HALF_PAST,
    )
    with closing(Store(tmp_path / "gate")) as store:
        arm_from(store, tmp_path / "desk", shelf)
        store.place(lost.digest).unlink()
        assert squeeze_some(store) == 2
        assert store.encodings(lost.digest) == {}
        assert store.encodings(digest(RELEASE[1:]))
