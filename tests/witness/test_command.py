"""The witness as a process of its own."""

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey, digest, parse
from ninethirty.core.sighting import Sighting, View, read
from ninethirty.core.times import RealClock
from ninethirty.core.times import clock as drill_clock
from ninethirty.core.watch import write_key, write_order
from ninethirty.lifeline import PARENT
from ninethirty.witness.evidence.archive import Archive
from ninethirty.witness.evidence.check import check
from ninethirty.witness.evidence.replay import replay
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Look
from tests.witness.setting import (
    HALF_PAST,
    KEY,
    NEW,
    SOON,
    Asked,
    FakeDesk,
    Server,
    Told,
    channel,
    drill_file,
    eventually,
    file,
    order,
    probe,
    served,
)

OUR_DESK = SigningKey.new()


def command(desk: str, folder: Path, *more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "ninethirty.witness", "--name", "w1", "--network", "n1"),
        *("--desk", desk, "--token", "token", "--key", OUR_DESK.public),
        *("--journal", str(folder / "journal"), *more),
    ]


@contextmanager
def witness(desk: str, folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(desk, folder, *more),
        stdout=subprocess.PIPE,
        text=True,
        # As the demo starts it: it must not outlive us.
        env=os.environ | {PARENT: str(os.getpid())},
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def looks(platform: Server) -> int:
    """At what a user could ask for; addresses that nobody has made left aside."""
    return len([asked for asked in platform.asked if "no-such" not in asked.path])


def journalled(folder: Path) -> set[str]:
    *lines, _ = (folder / "journal" / "sightings.jsonl").read_bytes().split(b"\n")
    return {read(parse(line)).key() for line in lines}


def test_no_sighting_is_lost_to_kill_9_and_a_desk_that_is_down(tmp_path: Path) -> None:
    clock = str(drill_file(tmp_path, before=timedelta(seconds=5), speed=10))
    desk = FakeDesk()
    with served(lambda _: Told(body=SOON)) as platform, served(desk) as desk_server:
        here = channel(platform.url)
        desk.orders = [write_order(order(here), OUR_DESK).decode()]
        with witness(desk_server.url, tmp_path, "--drill", clock) as process:
            eventually(lambda: len(desk.stored) > 5)
            desk.down = True
            so_far = looks(platform)
            eventually(lambda: looks(platform) > so_far + 10)
            process.kill()
            process.wait()
        looked, written = looks(platform), journalled(tmp_path)
        # At most the two looks under way, one in each view, can be missing.
        assert looked - 2 <= len(written) <= looked

        with witness(desk_server.url, tmp_path, "--drill", clock) as process:
            # It knows its order although the desk is down.
            eventually(lambda: looks(platform) > looked + 10)
            desk.down = False
            eventually(lambda: written <= desk.stored.keys())
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=5) == 0
        with witness(desk_server.url, tmp_path, "--drill", clock):
            eventually(lambda: journalled(tmp_path) <= desk.stored.keys())
    assert looks(platform) - 2 <= len(desk.stored) <= looks(platform)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_witness_told_to_stop_ends_well(tmp_path: Path, sign: signal.Signals) -> None:
    with witness("http://127.0.0.1:1", tmp_path) as process:
        process.send_signal(sign)
        assert process.wait(timeout=5) == 0


def test_a_witness_with_a_dead_thread_dies_whole(tmp_path: Path) -> None:
    desk = FakeDesk()
    with served(desk) as desk_server, witness(desk_server.url, tmp_path) as process:
        # Nowhere to keep an order any more.
        folder = tmp_path / "journal" / "orders"
        folder.rmdir()
        folder.write_text("in the way")
        desk.orders = [write_order(order(), OUR_DESK).decode()]
        assert process.wait(timeout=5) == 1


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("--from", "192.0.2.1"), "--from"),
        (("--key", "abc"), "--key"),
        (("--via", "www.example.test=127.0.0.1"), "HOST:PORT=ADDRESS"),
        (("--desk", "nowhere"), "--desk"),
    ],
)
def test_what_cannot_work_is_named_at_the_start(
    tmp_path: Path, wrong: tuple[str, str], named: str
) -> None:
    ended = subprocess.run(
        command("http://127.0.0.1:1", tmp_path, *wrong),
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert ended.returncode
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_witness_starts_with_nothing_of_a_desk_and_nothing_that_only_some_need() -> None:
    """So it starts at once: it may be started again a second before T."""
    asked = "import sys, ninethirty.witness.command; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    there = {name.partition(".")[0] for name in done.stdout.split()}
    assert "pycurl" in there
    assert not there & {"django", "granian", "requests", "rfc3161_client", "typst"}


def test_every_exchange_is_kept_in_a_folder_for_each_order_and_can_be_judged_again(
    tmp_path: Path,
) -> None:
    clock = str(drill_file(tmp_path, before=timedelta(seconds=5), speed=10))
    day = drill_clock(Path(clock))
    desk = FakeDesk()

    def tell(_: Asked) -> Told:
        return Told(body=NEW if day.now() >= HALF_PAST else SOON)

    with served(tell) as platform, served(desk) as desk_server:
        ordered = order(channel(platform.url))
        key = write_key(ordered.release, KEY, OUR_DESK).decode()
        desk.orders = [write_order(ordered, OUR_DESK).decode()]
        desk.keys = {ordered.release: key}
        kept = tmp_path / "kept"
        more = ("--drill", clock, "--evidence", str(kept))
        for _ in range(2):
            with witness(desk_server.url, tmp_path, *more) as process:
                keys = tmp_path / "journal" / "keys"
                eventually(lambda: any(keys.glob("*.json")), within=30)  # noqa: B023
                so_far = len(desk.stored)
                eventually(lambda: len(desk.stored) > so_far + 10, within=30)  # noqa: B023
                process.terminate()
                assert process.wait(10) == 0
    name = "prices-2026-11-20261201T073000Z"
    assert sorted(folder.name for folder in kept.iterdir()) == [name, f"{name}-1"]
    for folder in kept.iterdir():
        assert check(folder).wrong == ()
        found = replay(folder)
        assert (found.given, found.verdict.compared) == (0, True)
        digests = {one.evidence for one in found.sightings}
        assert "" not in digests
    assert all(one["evidence"] for one in desk.stored.values())


def test_a_disk_that_is_full_does_not_blind_the_witness(tmp_path: Path) -> None:
    told, here = RealClock(), channel("http://unused.test")
    archive = Archive(tmp_path / "kept", told, lambda _: None)
    archive.follow(order(here))
    content = random.Random(1).randbytes(3_000_000)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    with served(lambda _: Told(body=content)) as server, Loop() as loop:
        look = Look(order(here), here.name, here.page.url, file(f"{server.url}/t.csv"), View.USER)
        seen: list[Sighting] = []
        for _ in range(2):
            kept = len(seen)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, most))
            try:
                probe(told).look(loop, look, lambda s, _, a: seen.append(archive.keep(s, a)))
                while len(seen) == kept:
                    loop.turn(0.1)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    archive.close()
    assert [one.evidence for one in seen] == ["", ""]
    assert {one.digest for one in seen} == {digest(content)}
