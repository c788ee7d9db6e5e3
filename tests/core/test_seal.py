from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import digest
from ninethirty.core.errors import BundleRefused
from ninethirty.core.seal import File, Manifest, check_name, files_of, media_type, seal
from ninethirty.core.times import WallTime

CONTENTS = {"index.html": b"<main>GDP rose</main>", "data/gdp.csv": b"year,gdp\n"}


def manifest() -> Manifest:
    return Manifest(
        release="gdp",
        title="GDP",
        opens=WallTime.parse("2026-12-01 09:30 Europe/London"),
        path="/statistics/gdp",
        announced="https://example.org/gdp",
        files=files_of(CONTENTS),
    )


def test_a_seal_means_the_same_in_every_version() -> None:
    """An approval given years ago must still be checkable: this digest never changes."""
    assert seal(manifest()) == "c8a5badcec6028eb2f93d3b85adf07813d515de78be9c20e6c637a9a059e8152"


def test_the_same_bundle_has_the_same_seal() -> None:
    assert seal(manifest()) == seal(manifest())
    assert files_of(dict(reversed(CONTENTS.items()))) == files_of(CONTENTS)


@pytest.mark.parametrize(
    "changed",
    [
        replace(manifest(), release="cpi"),
        replace(manifest(), title="GDP, revised"),
        replace(manifest(), opens=WallTime.parse("2026-12-01 09:31 Europe/London")),
        replace(manifest(), opens=WallTime.parse("2026-12-01 09:30:00.000001 Europe/London")),
        replace(manifest(), opens=WallTime.parse("2026-12-01 09:30 Europe/Paris")),
        replace(manifest(), path="/statistics/cpi"),
        replace(manifest(), announced="https://example.org/cpi"),
        replace(manifest(), files=manifest().files[:1]),
        replace(manifest(), files=files_of({**CONTENTS, "data/gdp.csv": b"year,gdp!"})),
    ],
)
def test_a_change_of_anything_approved_breaks_the_seal(changed: Manifest) -> None:
    assert seal(changed) != seal(manifest())


FIRST, *REST = manifest().files


@pytest.mark.parametrize(
    "changed",
    [
        replace(FIRST, name="changed"),
        replace(FIRST, digest="changed"),
        replace(FIRST, size_bytes=1),
        replace(FIRST, media_type="changed"),
    ],
)
def test_a_change_of_anything_about_a_file_breaks_the_seal(changed: File) -> None:
    assert seal(replace(manifest(), files=(changed, *REST))) != seal(manifest())


@given(st.integers(0, len(CONTENTS["data/gdp.csv"]) - 1), st.integers(1, 255))
def test_a_changed_byte_in_a_file_breaks_the_seal(where: int, flip: int) -> None:
    changed = bytearray(CONTENTS["data/gdp.csv"])
    changed[where] ^= flip
    files = files_of({**CONTENTS, "data/gdp.csv": bytes(changed)})
    assert seal(replace(manifest(), files=files)) != seal(manifest())


def test_a_file_is_sealed_with_its_digest_size_and_type() -> None:
    assert files_of(CONTENTS) == (
        File("data/gdp.csv", digest(b"year,gdp\n"), 9, "text/csv; charset=utf-8"),
        File(
            "index.html", digest(CONTENTS["index.html"]), len(CONTENTS["index.html"]),
            "text/html; charset=utf-8",
        ),
    )  # fmt: skip


def test_a_folder_without_a_page_is_refused() -> None:
    with pytest.raises(BundleRefused, match=r"index\.html"):
        files_of({"data.csv": b"1"})


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BundleRefused, match=r"data\.csv is empty"):
        files_of({**CONTENTS, "data.csv": b""})


@pytest.mark.parametrize(
    "name",
    ["", "/etc/passwd", "../secret", "a/./b", "a//b", ".hidden", "a/.b", "a/", "a\\b", "a%2e",
     "a?b", "a#b", "a\nb", "a\x00", 'a"b', "a<b", "a:b"],
)  # fmt: skip
def test_a_name_that_could_lead_out_or_hide_is_refused(name: str) -> None:
    with pytest.raises(BundleRefused):
        files_of({**CONTENTS, name: b"1"})


@pytest.mark.parametrize("name", ["data.csv", "2026/Q3/GDP tables X.xlsx", "tablau-émis.ods"])
def test_an_ordinary_name_is_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gdp.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("gdp.json", "application/json"),
        ("gdp.csv", "text/csv; charset=utf-8"),
        ("gdp.csv.gz", "application/octet-stream"),
        ("gdp", "application/octet-stream"),
    ],
)
def test_a_file_is_typed_by_its_name_the_same_on_every_machine(name: str, expected: str) -> None:
    assert media_type(name) == expected
