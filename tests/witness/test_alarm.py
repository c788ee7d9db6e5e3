"""Whom the witness pages itself, and when it does not."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart
from ninethirty.core.times import RealClock
from ninethirty.core.watch import Policy, write_key, write_order
from ninethirty.core.webhook import HEADER, check
from ninethirty.witness.alarm import (
    PATIENCE,
    REPEATED_EVERY,
    TRIED_AGAIN,
    Alarm,
    AlarmSetup,
    read_alarm,
)
from ninethirty.witness.desk import Desk
from ninethirty.witness.key import Keys
from tests.witness.setting import (
    KEY,
    SOON,
    Asked,
    FakeDesk,
    Told,
    channel,
    drill,
    drill_file,
    eventually,
    order,
    served,
)
from tests.witness.test_command import OUR_DESK, witness

INCIDENT = "prices-2026-11 late at its announced address"


@contextmanager
def mail_server() -> Iterator[tuple[str, list[str]]]:
    """A real SMTP conversation, as far as one message needs it."""
    letters: list[str] = []

    class Post(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                match line.split()[0].upper():
                    case b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        text = []
                        while (part := self.rfile.readline()) != b".\r\n":
                            text.append(part.decode())
                        letters.append("".join(text))
                        self.wfile.write(b"250 taken\r\n")
                    case b"QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    case _:
                        self.wfile.write(b"250 ok\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Post) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", letters
        finally:
            server.shutdown()
            thread.join()


class Taken:
    """What a desk has taken of the journal."""

    place = 0

    def __call__(self) -> int:
        return self.place


def alarm(setup: AlarmSetup, folder: Path, taken: Taken) -> Alarm:
    return Alarm(setup, folder / "paged", taken)


def test_a_failure_that_the_desk_does_not_take_in_30_seconds_pages_a_person_by_mail_and_webhook(
    tmp_path: Path,
) -> None:
    with mail_server() as (smtp, letters), served(lambda _: Told()) as hook:
        setup = AlarmSetup(smtp, "witness@x.test", "duty@x.test", hook.url, "a secret")
        here = alarm(setup, tmp_path, Taken())
        here.failure(INCIDENT, "It is late.", place=100, now=0.0)
        here.turn(PATIENCE - 1)
        assert not letters
        here.turn(PATIENCE)

    (letter,) = letters
    assert f"Subject: ninethirty: {INCIDENT}" in letter
    assert "To: duty@x.test" in letter
    (asked,) = hook.asked
    check("a secret", asked.headers[HEADER.lower()], asked.body, RealClock().now())
    assert json.loads(asked.body)["key"] in letter


def test_a_desk_that_took_it_is_left_to_page_people_itself(tmp_path: Path) -> None:
    with served(lambda _: Told()) as hook:
        taken = Taken()
        here = alarm(AlarmSetup(webhook=hook.url, secret="s"), tmp_path, taken)
        here.failure(INCIDENT, "It is late.", place=100, now=0.0)
        taken.place = 100
        here.turn(PATIENCE)
        # Not for the same incident again, though it goes on failing.
        here.failure(INCIDENT, "It is late.", place=200, now=40.0)
        here.turn(1000.0)
    assert not hook.asked


def test_a_page_is_repeated_every_15_minutes_until_the_desk_has_it(tmp_path: Path) -> None:
    with served(lambda _: Told()) as hook:
        taken = Taken()
        here = alarm(AlarmSetup(webhook=hook.url, secret="s"), tmp_path, taken)
        for now in (0.0, 1.0, PATIENCE, PATIENCE + 1, PATIENCE + REPEATED_EVERY - 1):
            here.failure(INCIDENT, "It is late.", place=100, now=now)
            here.turn(now)
        assert len(hook.asked) == 1
        here.turn(PATIENCE + REPEATED_EVERY)
        taken.place = 100
        here.turn(PATIENCE + 2 * REPEATED_EVERY)
    subjects = [json.loads(asked.body)["subject"] for asked in hook.asked]
    assert subjects == [f"ninethirty: {INCIDENT}", f"ninethirty: {INCIDENT} (page 2)"]
    assert len({json.loads(asked.body)["key"] for asked in hook.asked}) == 1


def test_a_page_that_nobody_took_is_tried_again_soon(tmp_path: Path) -> None:
    answers = [503, 200]
    with served(lambda _: Told(answers.pop(0))) as hook:
        setup = AlarmSetup("127.0.0.1:1", "a@x.test", "b@x.test", hook.url, "s")
        here = alarm(setup, tmp_path, Taken())
        here.failure(INCIDENT, "It is late.", place=100, now=0.0)
        here.turn(PATIENCE)
        here.turn(PATIENCE + TRIED_AGAIN - 1)
        assert len(hook.asked) == 1
        here.turn(PATIENCE + TRIED_AGAIN)
    assert len(hook.asked) == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "neither"),
        ('smtp = "mail.test:25"', "expected sender beside smtp"),
        ('smtp = "mail.test"\nsender = "a"\nto = "b"', "HOST:PORT"),
        ('webhook = "http://x.test"', "expected secret beside webhook"),
        ('webhook = "file:///etc"\nsecret = "s"', "expected an address"),
        ("smtp = 5", "smtp: expected a text, found 5"),
        ('mail = "x"', "found mail"),
        ("smtp", "not there|TOML"),
    ],
)
def test_an_alarm_that_cannot_work_is_refused_at_the_start(
    tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "alarm.toml").write_text(text)
    with pytest.raises(CannotStart, match=named):
        read_alarm(tmp_path / "alarm.toml")


def test_a_witness_whose_desk_is_down_pages_a_person_about_a_late_release(tmp_path: Path) -> None:
    """The whole process, at the speed of a drill; 30 s of patience are real."""
    clock = str(drill_file(tmp_path, before=timedelta(seconds=5), speed=20))
    policy = Policy(timedelta(seconds=20), timedelta(seconds=60))
    desk = FakeDesk()
    with (
        served(lambda _: Told(body=SOON)) as platform,
        served(desk) as desk_server,
        served(lambda _: Told()) as hook,
    ):
        (tmp_path / "alarm.toml").write_text(f'webhook = "{hook.url}"\nsecret = "s"\n')
        signed = write_order(order(channel(platform.url), policy=policy), OUR_DESK)
        desk.orders = [signed.decode()]
        more = ("--drill", clock, "--alarm", str(tmp_path / "alarm.toml"))
        with witness(desk_server.url, tmp_path, *more):
            eventually(lambda: desk.stored)
            desk.down = True
            eventually(lambda: hook.asked, within=50)
    said = json.loads(hook.asked[0].body)
    assert said["subject"] == f"ninethirty: {INCIDENT}"
    assert "single witness" in said["text"]
    assert "content not compared" in said["text"]


def test_the_key_is_fetched_at_t_from_the_gate_and_known_after_a_restart(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(seconds=2), speed=1)
    signed = write_key("prices-2026-11", KEY, OUR_DESK)

    def gate(_: Asked) -> Told:
        return Told(body=signed) if told.seconds_until(wanted.opens) <= 0 else Told(404)

    with served(gate) as server:
        wanted = replace(order(channel(server.url)), key_url=f"{server.url}/key.json")
        with closing(Keys(tmp_path / "keys", OUR_DESK.public, told, None)) as keys:
            keys.want(wanted)
            eventually(lambda: keys.get(wanted) == KEY)
    assert server.asked[0].at  # only from T on: the gate was asked once, and had it
    assert len(server.asked) == 1
    with closing(Keys(tmp_path / "keys", OUR_DESK.public, told, None)) as keys:
        keys.want(wanted)
        eventually(lambda: keys.get(wanted) == KEY)


def test_where_no_gate_opens_the_key_the_desk_gives_it(tmp_path: Path) -> None:
    told = drill(tmp_path, before=timedelta(seconds=-1), speed=1)
    desk = FakeDesk()
    wanted = order(channel("http://x.test"))
    with (
        served(desk) as server,
        closing(Keys(tmp_path / "keys", OUR_DESK.public, told, Desk(server.url, "token"))) as keys,
    ):
        keys.want(wanted)
        eventually(lambda: len(server.asked) > 1)
        assert keys.get(wanted) is None
        desk.keys[wanted.release] = write_key(wanted.release, KEY, OUR_DESK).decode()
        eventually(lambda: keys.get(wanted) == KEY)


def test_a_key_that_is_not_signed_by_our_desk_or_is_for_another_release_is_not_used(
    tmp_path: Path,
) -> None:
    told = drill(tmp_path, before=timedelta(seconds=-1), speed=1)
    wrong = [write_key("prices-2026-11", KEY, SigningKey.new()), write_key("x", KEY, OUR_DESK)]
    with served(lambda _: Told(body=wrong[len(server.asked) % 2])) as server:
        wanted = replace(order(channel(server.url)), key_url=f"{server.url}/key.json")
        with closing(Keys(tmp_path / "keys", OUR_DESK.public, told, None)) as keys:
            keys.want(wanted)
            eventually(lambda: len(server.asked) > 1)
            assert keys.get(wanted) is None
