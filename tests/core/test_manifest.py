"""The signed manifest of a release."""

from typing import Any

import pytest

from ninethirty.core.document import SigningKey, parse
from ninethirty.core.errors import DocumentError, Malformed, WrongKey
from ninethirty.core.manifest import (
    MANIFEST,
    Manifest,
    Part,
    address,
    read_manifest,
    write_manifest,
)
from tests.core.made import HALF_PAST, with_a_bit_flipped

KEY = SigningKey.new()
PARTS = (
    Part("/x", "ab" * 32, 10, "text/html; charset=utf-8"),
    Part("/x/data.csv", "cd" * 32, 20, "text/csv; charset=utf-8"),
)
RELEASE = Manifest("stats.example", "/x", HALF_PAST, "Europe/London", PARTS)


def test_what_was_signed_is_read_and_the_same_is_always_the_same_bytes() -> None:
    signed = write_manifest(RELEASE, KEY)
    assert read_manifest(signed, KEY.public) == RELEASE
    turned = Manifest("stats.example", "/x", HALF_PAST, "Europe/London", PARTS[::-1])
    assert write_manifest(turned, KEY) == signed


def test_a_manifest_is_below_the_page_of_its_release() -> None:
    assert [address(path) for path in ("/x", "/")] == ["/x/manifest.json", "/manifest.json"]


def test_whichever_bit_is_changed_it_is_refused() -> None:
    for changed in with_a_bit_flipped(write_manifest(RELEASE, KEY)):
        with pytest.raises(DocumentError):
            read_manifest(changed, KEY.public)


def test_one_signed_by_another_is_refused() -> None:
    with pytest.raises(WrongKey):
        read_manifest(write_manifest(RELEASE, SigningKey.new()), KEY.public)


@pytest.mark.parametrize(
    "wrong",
    [
        {"site": None},
        {"zone": 1},
        {"path": "x"},
        {"opens": "soon"},
        {"opens": None},
        {"parts": None},
        {"parts": [{}]},
        {"parts": [{"path": "x", "sha256": "", "size_bytes": 1, "media_type": ""}]},
    ],
)
def test_a_signed_manifest_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    body = parse(write_manifest(RELEASE, KEY))["body"]
    with pytest.raises(Malformed):
        read_manifest(KEY.sign(MANIFEST, {**body, **wrong}), KEY.public)
    del body["zone"]
    with pytest.raises(Malformed):
        read_manifest(KEY.sign(MANIFEST, body), KEY.public)
