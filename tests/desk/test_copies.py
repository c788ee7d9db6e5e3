"""The contract of a place for copies, against every adapter; then the steps that use them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from shutil import which

import obstore
import pytest
import requests
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from ninethirty.core.errors import CannotStart, NotYet, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Verdict
from ninethirty.desk.actions.copy_out import open_copy, stage_copy
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.copying import Copying
from ninethirty.desk.outside.copies import rsync, s3
from ninethirty.desk.outside.copies.folder import Folder
from ninethirty.desk.outside.copies.places import check_copies, place
from ninethirty.desk.outside.copies.port import Place
from ninethirty.desk.outside.copies.printed import Printed
from ninethirty.desk.outside.copies.rsync import Rsync
from ninethirty.desk.outside.copies.s3 import Bucket
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.runner.book import COPIES, book_for
from ninethirty.desk.setup import setup
from ninethirty.standin.exchange import Outcome, Reply, Request, Silence
from ninethirty.standin.serving import Serving
from tests.core.made import HALF_PAST, at
from tests.desk.setting import RELEASE, Desk, happens
from tests.desk.way import approved
from tests.gate.made import a_port
from tests.standin.drill import Hands

FILES = {"tables/data.csv": b"quarter,growth\nQ3,0.3\n", "index.html": b"<h1>GDP</h1>"}
PRIVATE = "0123456789abcdef0123456789abcdef"
SECRET = "a-planted-secret"

_BUCKETS = count()


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    moto = ThreadedMotoServer("127.0.0.1", a_port(), verbose=False)
    moto.start()
    try:
        host, port = moto.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        moto.stop()


@pytest.fixture
def bucket(storage: str) -> Copying:
    name = f"copies-{next(_BUCKETS)}"
    requests.put(f"{storage}/{name}", timeout=5).raise_for_status()
    return Copying("s3", name, storage, account="id", token=SECRET)


RSYNC = pytest.param("rsync", marks=pytest.mark.skipif(not which("rsync"), reason="no rsync here"))

OVER_THERE = """#!/bin/sh
# As ssh: a host, then a command for its shell.
mood="$(cat {mood})"; : > {mood}
if [ "$mood" = refuses ]; then echo "Permission denied (publickey)." >&2; exit 255; fi
if [ "$mood" = hangs ]; then exec sleep 5; fi
shift
sh -c "$*"
came=$?
if [ "$mood" = "acts, then is cut off" ]; then exit 255; fi
exit $came
"""
"""A stand-in for ssh that fails once, as the file `mood` says."""


def by_rsync(folder: Path) -> tuple[Rsync, Path, Path]:
    """The place, its folder over there, and the mood."""
    mood, shell, web = folder / "mood", folder / "over-there", folder / "web"
    web.mkdir()
    mood.touch()
    shell.write_text(OVER_THERE.format(mood=mood))
    shell.chmod(0o700)
    return Rsync(f"www.example:{web}", [str(shell)]), web, mood


@pytest.fixture(params=["folder", "s3", "print", RSYNC])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Folder(tmp_path)
    if request.param == "print":
        return Printed()
    if request.param == "rsync":
        return by_rsync(tmp_path)[0]
    return Bucket(request.getfixturevalue("bucket"))


def test_what_is_staged_is_not_public_until_it_is_opened_and_is_then_read_back(
    there: Place,
) -> None:
    there.stage(PRIVATE, FILES)
    for name in FILES:
        with pytest.raises(OutsideFailed):
            there.read("/gdp", name)
    there.open(PRIVATE, "/gdp", list(FILES))
    assert {name: there.read("/gdp", name) for name in FILES} == FILES


def test_doing_all_of_it_twice_is_doing_it_once(there: Place) -> None:
    for _ in range(2):
        there.stage(PRIVATE, FILES)
        there.stage(PRIVATE, FILES)
        there.open(PRIVATE, "/gdp", list(FILES))
    assert {name: there.read("/gdp", name) for name in FILES} == FILES


def test_another_edition_takes_the_place_of_the_last(there: Place) -> None:
    for content in (b"last", b"new"):
        there.stage(PRIVATE, {"index.html": content})
        there.open(PRIVATE, "/gdp", ["index.html"])
    assert there.read("/gdp", "index.html") == b"new"


def test_what_was_never_staged_cannot_be_opened(there: Place) -> None:
    with pytest.raises(OutsideFailed) as failed:
        there.open(PRIVATE, "/gdp", ["index.html"])
    assert failed.value.retry


def test_a_place_that_may_be_written_passes_its_check(there: Place) -> None:
    there.check()


def test_a_folder_that_is_not_there_does_not_pass(tmp_path: Path) -> None:
    with pytest.raises(OutsideFailed, match="No such file"):
        Folder(tmp_path / "gone").check()


def test_a_bucket_that_is_not_there_does_not_pass_and_names_no_secret(storage: str) -> None:
    gone = Bucket(Copying("s3", "no-such-bucket", storage, account="id", token=SECRET))
    with pytest.raises(OutsideFailed, match="bucket no-such-bucket: ") as failed:
        gone.check()
    assert SECRET not in str(failed.value)


def test_nobody_but_us_may_enter_the_folder_where_files_wait(tmp_path: Path) -> None:
    Folder(tmp_path).stage(PRIVATE, FILES)
    [waiting] = tmp_path.iterdir()
    assert waiting.stat().st_mode & 0o777 == 0o700
    Folder(tmp_path).open(PRIVATE, "/gdp", list(FILES))
    assert [one.name for one in tmp_path.iterdir()] == ["gdp"]


def test_a_bucket_keeps_nothing_of_what_waited_and_says_what_each_file_is(
    bucket: Copying,
) -> None:
    there = Bucket(bucket)
    there.stage(PRIVATE, FILES)
    there.open(PRIVATE, "/gdp", list(FILES))
    store = S3Store(
        bucket.place,
        endpoint=bucket.url,
        region=bucket.region,
        access_key_id="id",
        secret_access_key="secret",
        client_options={"allow_http": True},
    )
    names = sorted(one["path"] for chunk in obstore.list(store) for one in chunk)
    assert names == ["gdp/index.html", "gdp/tables/data.csv"]
    told = obstore.get(store, "gdp/index.html").attributes
    assert (told["Content-Type"], told["Cache-Control"]) == ("text/html", "no-cache")


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ('kind = "pigeon"', r"copies\[0\].kind: expected folder, s3, rsync, print"),
        ('kind = "rsync"\nplace = "/srv"', r"copies\[0\].place: expected USER@HOST:/FOLDER"),
        ('kind = "rsync"\nplace = "-oProxyCommand=x:/srv"', "expected USER@HOST:/FOLDER"),
        ('kind = "folder"', r"copies\[0\].place is missing"),
        ('kind = "s3"\nplace = "b"\naccount = "a"', r"copies\[0\].token is missing"),
        ('kind = "print"\ncolour = "red"', r"copies\[0\].colour is not a setting"),
        ('kind = "print"\nurl = 1', r"copies\[0\].url is not a text"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"])
def test_a_copy_that_cannot_be_stops_the_start(desk: Desk, table: str, why: str) -> None:
    desk.more = f"[[copies]]\n{table}\n"
    desk.told()
    with pytest.raises(CannotStart, match=why):
        setup()


def test_a_desk_that_is_told_of_rsync_and_has_none_says_so_at_its_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.more = '[[copies]]\nkind = "rsync"\nplace = "desk@www.example:/srv/www"\n'
    desk.told()
    monkeypatch.setenv("PATH", str(desk.home))
    with pytest.raises(
        CannotStart, match=r"copies\[0\]: a copy by rsync needs rsync, which is not"
    ):
        check_copies(setup())


@pytest.mark.skipif(not which("rsync"), reason="no rsync here")
@pytest.mark.parametrize("mood", ["refuses", "hangs", "acts, then is cut off"])
@pytest.mark.parametrize("act", ["stage", "open", "read", "check"])
def test_a_machine_that_fails_once_is_asked_again_and_has_it_then(
    tmp_path: Path, mood: str, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, web, told = by_rsync(tmp_path)
    monkeypatch.setattr(rsync, "TIMEOUT", 1.0)
    acts: dict[str, Callable[[], object]] = {
        "stage": lambda: there.stage(PRIVATE, FILES),
        "open": lambda: there.open(PRIVATE, "/gdp", list(FILES)),
        "read": lambda: there.read("/gdp", "index.html"),
        "check": there.check,
    }
    for name, do in acts.items():
        if name == act:
            told.write_text(mood)
            with pytest.raises(OutsideFailed, match=r"^www\.example:/") as failed:
                do()
            assert failed.value.retry
            if name == "open":
                there.stage(PRIVATE, FILES)  # as the step does on every attempt but the first
        do()
    assert {name: (web / "gdp" / name).read_bytes() for name in FILES} == FILES
    assert [one.name for one in web.iterdir()] == ["gdp"]


@pytest.mark.skipif(not which("rsync"), reason="no rsync here")
def test_what_waits_on_another_machine_is_for_its_owner_alone(tmp_path: Path) -> None:
    there, web, _ = by_rsync(tmp_path)
    there.stage(PRIVATE, FILES)
    [waiting] = web.iterdir()
    assert waiting.stat().st_mode & 0o777 == 0o700


@contextmanager
def moody(storage: str, moods: list[str]) -> Iterator[str]:
    """The storage, behind something that fails at its next writes as told."""

    def ask(request: Request) -> Outcome:
        mood = moods.pop(0) if moods and request.method != "GET" else ""
        if mood == "500":
            return Reply(500, b"<Error><Code>InternalError</Code></Error>")
        if mood == "says nothing":
            return Silence()
        answer = requests.request(
            request.method,
            f"{storage}{request.path}?{request.query}",
            data=request.body,
            headers={name: said for name, said in request.headers.items() if name != "host"},
            timeout=5,
        )
        if mood == "acts, then says nothing":
            return Silence()
        if mood == "acts, then fails":
            return Reply(500, b"<Error><Code>InternalError</Code></Error>")
        kept = ("content-type", "etag", "last-modified", "cache-control")
        shown = {name: answer.headers[name] for name in kept if name in answer.headers}
        return Reply(answer.status_code, answer.content, shown)

    with Serving(ask, Hands(HALF_PAST), ["127.0.0.1"], 0) as server:
        yield server.url


@pytest.mark.parametrize(
    "mood", ["500", "says nothing", "acts, then fails", "acts, then says nothing"]
)
@pytest.mark.parametrize("write", range(4))
def test_a_bucket_that_fails_at_any_write_has_all_of_it_after_another_try(
    bucket: Copying, mood: str, write: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "TIMEOUT", "500ms")
    with moody(bucket.url, ["well"] * write + [mood]) as url:
        there, failed = Bucket(replace(bucket, url=url)), list[bool]()
        for _ in range(2):
            try:
                there.stage(PRIVATE, FILES)
                there.open(PRIVATE, "/gdp", list(FILES))
            except OutsideFailed as wrong:
                failed.append(wrong.retry)
        assert failed == [True]
        assert {name: there.read("/gdp", name) for name in FILES} == FILES


@contextmanager
def armed(desk: Desk, folder: Path) -> Iterator[Path]:
    """A release that is armed, and a folder that is to have it too."""
    web = folder / "web"
    web.mkdir()
    desk.more = f'[[copies]]\nkind = "folder"\nplace = "{web}"\n'
    desk.told()
    approved(folder / "bundle")
    happens(Kind.ARMED, at(-3600), gates=["gate-1"])
    yield web


def work(attempt: int = 1) -> Work:
    release = Release.objects.get(id=RELEASE)
    waiting = Verdict(Call.WAITING, HALF_PAST)
    return Work(release, facts_of(RELEASE), f"{RELEASE}/copy", attempt, waiting)


def staged(desk: Desk) -> None:
    desk.show(at(-1800))
    [happened] = stage_copy(work(), 0)
    happens(happened.kind, at(-1800), **happened.details)


def opened(desk: Desk, when: Instant, attempt: int = 1) -> Happened:
    desk.show(when)
    [happened] = open_copy(work(attempt), 0)
    return happened


def public(web: Path) -> Mapping[str, bytes]:
    return {one.name: one.read_bytes() for one in (web / "gdp").iterdir()}


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_copy_is_staged_before_t_public_at_t_and_how_late_it_was_is_told(
    desk: Desk, tmp_path: Path
) -> None:
    with armed(desk, tmp_path) as web:
        staged(desk)
        with pytest.raises(NotYet, match="opens at 2026-12-01T09:30:00"):
            opened(desk, at(-0.001))
        assert not (web / "gdp").exists()
        happened = opened(desk, at(2))
        assert happened.kind is Kind.COPY_PUBLIC
        assert happened.details == {"copy": 0, "files": 2, "late_ms": 2000}
        assert public(web)["data.csv"] == b"quarter,growth\nQ3,0.3\n"
        assert b"It grew by 0.3%" in public(web)["index.html"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_an_attempt_that_died_half_way_is_finished_by_the_next(desk: Desk, tmp_path: Path) -> None:
    with armed(desk, tmp_path) as web:
        staged(desk)
        [waiting] = web.iterdir()
        (web / "gdp").mkdir()
        (waiting / "data.csv").replace(web / "gdp" / "data.csv")
        with pytest.raises(OutsideFailed):
            opened(desk, at(1))
        opened(desk, at(2), attempt=2)
        assert set(public(web)) == {"data.csv", "index.html"}


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_stands_there_and_is_not_what_was_sealed_is_not_taken_for_public(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with armed(desk, tmp_path):
        staged(desk)
        monkeypatch.setattr(Folder, "read", lambda *_: b"something else")
        with pytest.raises(OutsideFailed, match=r"copies\[0\]: data.csv is not what was sealed"):
            opened(desk, at(1))


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_release_that_is_held_is_not_opened_on_a_copy(desk: Desk, tmp_path: Path) -> None:
    with armed(desk, tmp_path) as web:
        staged(desk)
        happens(Kind.HELD, at(-60))
        with pytest.raises(NotYet, match="the release is held"):
            opened(desk, at(1))
        assert not (web / "gdp").exists()


def test_a_desk_has_steps_for_the_copies_it_has() -> None:
    names = {step.name for step in COPIES}
    assert {step.name for step in book_for((), 1)} & names == {"stage_copy_0", "open_copy_0"}
    assert {step.name for step in book_for(())} & names == set()


def test_a_copy_that_only_prints_is_one_place_for_all_its_steps() -> None:
    assert place(Copying("print")) is place(Copying("print"))
