"""What the app answers, told the time: before T, at T, and to every way of asking."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from ninethirty.core.document import digest
from ninethirty.core.schedule import Content, Gone, Opening, Redirect
from ninethirty.core.times import Instant
from ninethirty.gate.ranges import Span
from ninethirty.gate.reply import Reply
from ninethirty.gate.stream import Stream
from tests.core.made import HALF_PAST, at
from tests.gate.made import (
    PAGE,
    RELEASE,
    SOON,
    Alone,
    a_shelf,
    a_store,
    an_app,
    arm_from,
    body_of,
    content,
    field,
)

TABLE = f"{PAGE}/table.csv"
LARGE = f"{PAGE}/large.zip"
CSV = b"".join(b"%d,value %d\n" % (n, n * 7919 % 1000) for n in range(2000))
LARGE_BYTES = 3 << 20


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Alone]:
    shelf = a_shelf(tmp_path)
    soon, release = content(shelf, SOON), content(shelf, RELEASE)
    openings = [
        Opening(PAGE, at(-86_400), soon),
        Opening(PAGE, HALF_PAST, release),
        Opening(TABLE, HALF_PAST, content(shelf, CSV, "text/csv; charset=utf-8")),
        Opening(LARGE, HALF_PAST, content(shelf, bytes(LARGE_BYTES), "application/zip")),
        Opening("/picture", HALF_PAST, content(shelf, b"<svg/>", "image/svg+xml")),
        Opening("/old", at(-86_400), Redirect(f"{PAGE} é\r\nX: y")),
        Opening("/back", at(-86_400), Gone("an error in <table 3>")),
        Opening("/closed", at(-86_400), release),
        Opening("/closed", at(-10), None),
        Opening("/twice", at(0.2), soon),
        Opening("/twice", at(0.7), release),
        Opening("/later", at(3600), release),
    ]
    with an_app(tmp_path, shelf, openings) as alone:
        yield alone


def lies(gate: Alone, path: str, encoding: str = "identity") -> Path:
    """Where what the path answers at T is on the disk."""
    answer = gate.store.timeline(path, HALF_PAST)[-1].answer
    assert isinstance(answer, Content)
    return gate.store.place(answer.lies[encoding].object)


ODD = [
    {},
    {"method": "HEAD"},
    {"range": "bytes=0-0"},
    {"range": "bytes=999999999-"},
    {"range": "bytes=0-0", "if_range": f'"{digest(CSV)}"'},
    {"if_none_match": "*"},
    {"if_none_match": f'"{digest(CSV)}"'},
    {"if_modified_since": "Tue, 01 Dec 2026 09:30:00 GMT"},
    {"accept_encoding": "br, gzip"},
    {"accept_encoding": "identity;q=0"},
]


@pytest.mark.parametrize("asked", ODD)
@pytest.mark.parametrize("before", [86_400, 60.25, 4, 1.5, 0.000_001])
def test_before_t_what_is_sealed_and_what_never_was_get_the_very_same_answer(
    gate: Alone, asked: dict[str, str], before: float
) -> None:
    now = at(-before)
    sealed, nothing = (gate.get(path, now, **asked) for path in (TABLE, "/no-such-thing.csv"))
    assert sealed == nothing
    assert sealed == gate.get(TABLE, now)  # however it is asked
    assert sealed.status == 404


@pytest.mark.parametrize(
    "path",
    [
        f"{TABLE}/", f"/{TABLE}", f"{TABLE}\x00", f"{TABLE} ", f"{TABLE}%00", f"{TABLE}\ufffd",
        f"{PAGE}/./table.csv", f"{PAGE}/../{PAGE[1:]}/table.csv", f"{PAGE}\\table.csv",
        TABLE.upper(), "", "*", "/", "//", "/..", "\x7f", "/\u202e", "/" + "a" * 60_000,
        "' OR 1=1 --", "/%", "/statistics%2Fqualifications",
    ],
)  # fmt: skip
def test_an_odd_path_is_a_plain_404_before_t_and_after(gate: Alone, path: str) -> None:
    assert gate.get(path, at(-1)) == gate.get("/no-such-thing", at(-1))
    assert gate.get(path, at(1)) == gate.get("/no-such-thing", at(1))


def test_a_404_is_kept_for_a_time_that_tells_only_when_anything_on_the_site_opens(
    gate: Alone,
) -> None:
    def lifetime(now: Instant) -> str | None:
        return field(gate.get("/no-such-thing", now), "cache-control")

    kept = "must-revalidate, stale-while-revalidate=0, stale-if-error=0"
    assert lifetime(at(-3600)) == f"public, max-age=5, {kept}"
    assert lifetime(at(-4.5)) == f"public, max-age=3, {kept}"
    assert lifetime(at(-2.4)) == f"public, max-age=0, {kept}"
    assert lifetime(at(600)) == f"public, max-age=5, {kept}"


def test_at_t_the_release_is_there_and_not_a_microsecond_before(gate: Alone) -> None:
    assert body_of(gate.get(PAGE, at(-0.000_001))) == SOON
    assert body_of(gate.get(PAGE)) == RELEASE
    assert body_of(gate.get(TABLE)) == CSV


def test_a_clock_set_back_shows_the_old_page_again_and_no_mixture(gate: Alone) -> None:
    assert body_of(gate.get(PAGE, at(1))) == RELEASE
    back = gate.get(PAGE, at(-1))
    assert body_of(back) == SOON
    assert field(back, "etag") == f'"{digest(SOON)}"'
    assert gate.get(TABLE, at(-1)).status == 404


@pytest.mark.parametrize(
    ("path", "now", "asked", "status"),
    [
        (PAGE, at(-0.5), {}, 200), (TABLE, HALF_PAST, {}, 200), (LARGE, HALF_PAST, {}, 200),
        (TABLE, HALF_PAST, {"range": "bytes=0-9"}, 206),
        (LARGE, HALF_PAST, {"range": "bytes=-1"}, 206),
        ("/old", HALF_PAST, {}, 301),
        (TABLE, HALF_PAST, {"if_none_match": "*"}, 304),
        (PAGE, at(-3), {"if_none_match": "*"}, 304),
        ("/nothing", HALF_PAST, {}, 404), ("/closed", HALF_PAST, {}, 404),
        ("/back", HALF_PAST, {}, 410),
        (TABLE, HALF_PAST, {"range": "bytes=999999999-"}, 416),
    ],
)  # fmt: skip
def test_every_answer_says_for_how_long_it_is_true_and_head_says_the_same(
    gate: Alone, path: str, now: Instant, asked: dict[str, str], status: int
) -> None:
    reply = gate.get(path, now, **asked)
    assert reply.status == status
    control = field(reply, "cache-control") or ""
    assert control.startswith("public, max-age=")
    assert control.endswith(", must-revalidate, stale-while-revalidate=0, stale-if-error=0")
    lifetime = int(control.split("=")[1].split(",")[0])
    assert field(reply, "expires") == http_date(now + timedelta(seconds=lifetime))
    assert field(reply, "date") == http_date(now)
    if "range" not in asked:
        assert gate.get(path, now, "HEAD", **asked).headers == reply.headers
    if path == PAGE:
        assert lifetime == (0 if now == at(-0.5) else 1)


def http_date(moment: Instant) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def test_a_reader_who_asks_for_a_head_with_a_range_is_told_of_the_whole(gate: Alone) -> None:
    head = gate.get(TABLE, method="HEAD", range="bytes=0-9")
    assert head.status == 200
    assert head.headers == gate.get(TABLE).headers


@pytest.mark.parametrize(
    ("encoding", "open_"),
    [("br", brotli.decompress), ("gzip", gzip.decompress),
     ("zstd", zstandard.ZstdDecompressor().decompress)],
)  # fmt: skip
def test_each_encoding_is_the_same_file_under_its_own_strong_tag(
    gate: Alone, encoding: str, open_: object
) -> None:
    assert callable(open_)
    reply = gate.get(TABLE, accept_encoding=encoding)
    assert open_(body_of(reply)) == CSV
    assert len(body_of(reply)) < len(CSV)
    assert field(reply, "content-encoding") == encoding
    assert field(reply, "content-length") == str(len(body_of(reply)))
    assert field(reply, "content-type") == "text/csv; charset=utf-8"
    assert field(reply, "etag") == f'"{digest(CSV)}-{encoding}"'
    assert field(reply, "vary") == "accept-encoding"
    again = gate.get(TABLE, accept_encoding=encoding, if_none_match=field(reply, "etag") or "")
    assert again.status == 304
    assert field(again, "vary") == "accept-encoding"
    other = gate.get(TABLE, if_none_match=field(reply, "etag") or "")
    assert other.status == 200  # the plain file is another thing


def test_what_is_small_or_packed_already_is_sent_as_it_is_and_does_not_vary(gate: Alone) -> None:
    for path, now in ((PAGE, at(-1)), (LARGE, HALF_PAST)):
        reply = gate.get(path, now, accept_encoding="br, gzip, zstd")
        assert field(reply, "content-encoding") is None
        assert field(reply, "vary") is None


def test_an_encoding_lost_from_the_disk_is_answered_with_the_plain_file(gate: Alone) -> None:
    place = lies(gate, TABLE, "br")
    place.write_bytes(b"x" * place.stat().st_size)
    reply = gate.get(TABLE, accept_encoding="br")
    assert (reply.status, body_of(reply)) == (200, CSV)
    assert field(reply, "content-encoding") is None
    assert field(reply, "etag") == f'"{digest(CSV)}"'


@pytest.mark.parametrize(
    "tags",
    ['"{}"', 'W/"{}"', '"other", "{}"', 'W/"other" ,W/"{}"', "*", " * "],
)
def test_a_reader_who_holds_it_is_told_so(gate: Alone, tags: str) -> None:
    asked = tags.replace("{}", digest(RELEASE))
    reply = gate.get(PAGE, if_none_match=asked)
    assert reply.status == 304
    assert reply.body is None
    assert field(reply, "etag") == f'"{digest(RELEASE)}"'
    assert field(reply, "content-length") is None


def test_just_before_t_a_reader_who_holds_the_old_page_gets_it_whole(gate: Alone) -> None:
    # nginx takes a 304 with max-age=0 for leave to keep what it holds as long as it once might.
    for before, status in ((2.5, 304), (2.499_999, 200), (0.000_001, 200)):
        reply = gate.get(PAGE, at(-before), if_none_match=f'"{digest(SOON)}"')
        assert reply.status == status
    assert body_of(reply) == SOON


@pytest.mark.parametrize("tags", ['"other"', "{}", '"{', '"x{}"', ",", "W/*"])
def test_a_reader_who_holds_another_gets_the_file(gate: Alone, tags: str) -> None:
    asked = tags.replace("{}", digest(RELEASE))
    # A date that would be answered with 304 does not count beside a tag.
    reply = gate.get(PAGE, if_none_match=asked, if_modified_since=http_date(at(60)))
    assert (reply.status, body_of(reply)) == (200, RELEASE)


def test_a_reader_who_names_the_day_gets_what_opened_since(gate: Alone) -> None:
    assert field(gate.get(PAGE), "last-modified") == http_date(HALF_PAST)
    assert gate.get(PAGE, if_modified_since=http_date(HALF_PAST)).status == 304
    assert gate.get(PAGE, if_modified_since=http_date(at(3600))).status == 304
    assert gate.get(PAGE, if_modified_since=http_date(at(-1))).status == 200
    for nonsense in ("yesterday", "", "Tue, 01 Dec 2026 09:30:00", "Tue, 99 Dec 2026 09:30:00 GMT"):
        assert gate.get(PAGE, if_modified_since=nonsense).status == 200


def test_a_date_that_cannot_tell_two_openings_apart_is_not_given_nor_believed(gate: Alone) -> None:
    old = gate.get("/twice", at(0.3))
    assert field(old, "last-modified") == http_date(HALF_PAST)
    new = gate.get("/twice", at(0.8), if_modified_since=http_date(HALF_PAST))
    assert (new.status, body_of(new)) == (200, RELEASE)
    assert field(new, "last-modified") is None


def test_a_part_of_the_file_comes_as_it_is_whatever_encodings_are_taken(gate: Alone) -> None:
    reply = gate.get(TABLE, range="bytes=10-19", accept_encoding="br")
    assert (reply.status, body_of(reply)) == (206, CSV[10:20])
    assert field(reply, "content-range") == f"bytes 10-19/{len(CSV)}"
    assert field(reply, "content-length") == "10"
    assert field(reply, "content-encoding") is None
    assert field(reply, "etag") == f'"{digest(CSV)}"'


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (f'"{digest(CSV)}"', 206),
        (f'W/"{digest(CSV)}"', 200),
        ('"other"', 200),
        ("Tue, 01 Dec 2026 09:30:00 GMT", 206),
        ("Tue, 01 Dec 2026 09:30:01 GMT", 200),
        ("nonsense", 200),
    ],
)
def test_a_part_is_sent_only_to_who_has_the_rest_of_the_same(
    gate: Alone, asked: str, status: int
) -> None:
    reply = gate.get(TABLE, at(60), range="bytes=10-19", if_range=asked)
    assert reply.status == status
    assert body_of(reply) == (CSV[10:20] if status == 206 else CSV)


def test_within_its_second_a_date_is_not_enough_for_a_part(gate: Alone) -> None:
    reply = gate.get(TABLE, at(0.9), range="bytes=10-19", if_range=http_date(HALF_PAST))
    assert reply.status == 200


def test_a_part_the_file_does_not_have_is_416_with_its_size(gate: Alone) -> None:
    reply = gate.get(TABLE, range=f"bytes={len(CSV)}-")
    assert reply.status == 416
    assert field(reply, "content-range") == f"bytes */{len(CSV)}"
    assert gate.get(TABLE, range="bytes=0-1,5-6").status == 200


def test_a_large_file_is_sent_from_the_disk_with_its_length(gate: Alone) -> None:
    whole = gate.get(LARGE)
    assert isinstance(whole.body, Stream)
    assert whole.body.span == Span(0, LARGE_BYTES)
    assert body_of(whole) == bytes(LARGE_BYTES)
    assert field(whole, "content-length") == str(LARGE_BYTES)
    most = gate.get(LARGE, range="bytes=5-")
    assert isinstance(most.body, Stream)
    assert most.body.span == Span(5, LARGE_BYTES)
    assert gate.get(LARGE, range="bytes=-5").body == bytes(5), "a small part is opened at once"


@pytest.mark.parametrize("how", ["missing", "shorter", "longer"])
def test_a_large_file_that_is_not_as_sealed_is_not_sent(gate: Alone, how: str) -> None:
    place = lies(gate, LARGE)
    lying = place.read_bytes()
    if how == "missing":
        place.unlink()
    else:
        place.write_bytes(lying + b"x" if how == "longer" else lying[:-1])
    assert_not_sent(gate.get(LARGE))
    assert_not_sent(gate.get(LARGE, method="HEAD"))
    assert_not_sent(gate.get(LARGE, range="bytes=0-0"))


def assert_not_sent(reply: Reply) -> None:
    assert reply.status == 500
    assert field(reply, "cache-control") == "no-store"
    assert field(reply, "etag") is None


@pytest.mark.parametrize(
    ("path", "said"),
    [(TABLE, 'attachment; filename="table.csv"'), (LARGE, 'attachment; filename="large.zip"'),
     (PAGE, None), ("/picture", None)],
)  # fmt: skip
def test_tables_are_saved_under_their_name_and_pages_are_shown(
    gate: Alone, path: str, said: str | None
) -> None:
    reply = gate.get(path)
    assert field(reply, "content-disposition") == said
    assert field(reply, "x-content-type-options") == "nosniff"


def test_a_file_name_in_another_script_is_kept(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    table = content(shelf, CSV, "text/csv")
    with an_app(tmp_path, shelf, [Opening('/é "x".csv', HALF_PAST, table)]) as gate:
        assert field(gate.get('/é "x".csv'), "content-disposition") == (
            "attachment; filename=\"_ _x_.csv\"; filename*=UTF-8''%C3%A9%20%22x%22.csv"
        )


def test_what_can_hold_a_script_may_not_run_one(gate: Alone) -> None:
    for path in (PAGE, "/picture"):
        assert "script-src 'none'" in (field(gate.get(path), "content-security-policy") or "")
    assert field(gate.get(TABLE), "content-security-policy") is None


def test_a_redirect_cannot_put_a_second_header_into_the_answer(gate: Alone) -> None:
    reply = gate.get("/old")
    assert reply.status == 301
    assert field(reply, "location") == f"{PAGE}%20%C3%A9%0D%0AX:%20y"


def test_what_was_withdrawn_says_why(gate: Alone) -> None:
    reply = gate.get("/back")
    assert reply.status == 410
    assert b"an error in &lt;table 3&gt;" in body_of(reply)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "X"])
def test_only_reading_is_possible_and_the_answer_does_not_tell_what_is_there(
    gate: Alone, method: str
) -> None:
    replies = [gate.get(path, at(1), method) for path in (PAGE, TABLE, "/later", "/nothing")]
    assert all(reply == replies[0] for reply in replies)
    assert replies[0].status == 405
    assert field(replies[0], "allow") == "GET, HEAD"
    assert b"GET or HEAD" in body_of(replies[0])


def test_a_schedule_taken_while_we_answer_is_answered_from_when_its_word_goes_back(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    with an_app(tmp_path, shelf, [Opening(PAGE, HALF_PAST, content(shelf, SOON))]) as gate:
        assert body_of(gate.get(PAGE)) == SOON
        shelf.publish("release/q", [Opening(PAGE, HALF_PAST, content(shelf, RELEASE))], at(0))
        with closing(a_store(tmp_path / "gate")) as puller:
            assert arm_from(puller, tmp_path / "desk", shelf)
        assert body_of(gate.get(PAGE)) == RELEASE
