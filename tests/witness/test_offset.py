"""How far the witness's clock is off, asked of a real time server on loopback."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from ninethirty.core.times import RealClock
from ninethirty.witness.offset import Offset
from tests.witness.setting import served
from tests.witness.test_watch_command import Day, T, said, site, watch

NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""

TWO_HOURS = 7_200_000


@contextmanager
def time_server(ahead_ms: int) -> Iterator[str]:
    """Answers as RFC 5905 says, by a clock that is so far ahead of ours."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                asked, asker = server.recvfrom(512)
                if asked == b"end":
                    return
                now = RealClock().now().timestamp() + ahead_ms / 1000 + NTP_EPOCH
                stamp = struct.pack(">II", int(now), int(now % 1 * 2**32))
                # Version 3, a server, stratum 1; our transmit time comes back as its origin.
                head = struct.pack(">BBbb", 3 << 3 | 4, 1, 0, -20) + bytes(12)
                server.sendto(head + stamp + asked[40:48] + stamp + stamp, asker)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.sendto(b"end", server.getsockname())
        thread.join()


def near(found: int, wanted: int) -> bool:
    return abs(found - wanted) < 60_000


def test_the_offset_is_what_the_time_server_says() -> None:
    for ahead in (TWO_HOURS, -TWO_HOURS):
        with time_server(ahead) as server, Offset(server) as offset:
            assert near(offset.milliseconds(), ahead)


def test_a_time_server_that_is_silent_leaves_what_was_known() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with Offset(f"127.0.0.1:{silent.getsockname()[1]}") as offset:
            assert offset.milliseconds() == 0
    with Offset("") as nobody:
        assert nobody.milliseconds() == 0


def test_who_knows_that_its_clock_is_off_does_not_testify(tmp_path: Path) -> None:
    day = Day(tmp_path, speed=30, before=timedelta(seconds=10))
    with time_server(TWO_HOURS) as server, served(site(day)) as served_site:
        arguments = ("--opens", T, "--drill", day.file, "--ntp", server)
        ended = watch(f"{served_site.url}/prices", *arguments)
    assert ended.returncode == 14, ended.stdout
    looks = said(ended, "sighting")
    assert looks
    assert all(near(look["clock_offset_ms"], TWO_HOURS) for look in looks)
    reasons = ["0 of 1 witnesses can see", "the clock of w1 is off"]
    assert said(ended, "verdict")[-1]["reasons"] == reasons
