import random

import pytest

from ninethirty.core.schedule import Content
from ninethirty.desk.squeeze import LARGEST_BYTES, SMALLEST_BYTES, squeezed, worth_squeezing

RELEASE = b"<p>the release</p>" * 1000


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
