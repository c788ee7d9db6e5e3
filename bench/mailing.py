"""A mail to 100,000 subscribers, handed in to a sink on loopback; and one sender killed midway.

NINETHIRTY_BENCH_SUBSCRIBERS makes it shorter.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figure import Figure
from ninethirty.core.document import SigningKey
from ninethirty.desk.command import prepare

SUBSCRIBERS = int(os.environ.get("NINETHIRTY_BENCH_SUBSCRIBERS", "100000"))
KILLED_AT = 0.3
"""Of the mails, when the first sender is killed."""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        home, noted = Path(made), Path(made) / "noted"
        with _sink(noted) as port:
            _desk(home, port)
            queued = time.monotonic()
            message = _queue()
            queued = time.monotonic() - queued
            first = _sender(home, "runner-first")
            while _lines(noted) < SUBSCRIBERS * KILLED_AT + 437:  # within a chunk, not at its end
                time.sleep(0.001)
            first.send_signal(signal.SIGKILL)
            first.wait()
            at_the_kill = _lines(noted)
            begun = time.monotonic()
            assert _sender(home, "runner-second").wait() == 0
            took = time.monotonic() - begun
            sent = _lines(noted) - at_the_kill
        return [
            Figure("subscribers", SUBSCRIBERS),
            Figure("seconds to queue them", round(queued, 1)),
            Figure("mails a second, a process's start included", round(sent / took), least=500),
            *_after_the_kill(message, noted),
        ]


def _after_the_kill(message: int, noted: Path) -> list[Figure]:
    from ninethirty.desk.outside.mailing.post import CONNECTIONS
    from ninethirty.desk.record.models import Delivery

    times = Counter(noted.read_text().split())
    states = Counter(Delivery.objects.filter(message=message).values_list("state", flat=True))
    reached = states["sent"] + states["unknown"]
    return [
        Figure("kill -9 midway: mailed twice", sum(n > 1 for n in times.values()), most=0),
        Figure("kill -9 midway: listed as unknown", states["unknown"], most=CONNECTIONS),
        Figure("kill -9 midway: neither sent nor unknown", SUBSCRIBERS - reached, most=0),
        Figure("kill -9 midway: sent, but not there", max(states["sent"] - len(times), 0), most=0),
    ]


@contextmanager
def _sink(noted: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.sink", str(noted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
        try:
            assert sink.stdout
            yield int(sink.stdout.readline())
        finally:
            sink.kill()


def _desk(home: Path, port: int) -> None:
    (home / "desk.toml").touch(mode=0o600)
    (home / "desk.toml").write_text(
        'site = "http://bench.example"\nproducer = "bench"\n[services.subscribers]\n'
        f'url = "smtp://127.0.0.1:{port}"\nsender = "news@bench.example"\n'
    )
    (home / "desk.key").write_text(SigningKey.new().secret())
    prepare(home)
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.setup import setup

    make_fit(setup())


def _queue() -> int:
    from ninethirty.desk.actions.tell_subscribers import queue
    from ninethirty.desk.record.models import Message, Subscription
    from ninethirty.desk.setup import setup

    now = setup().clock().now()
    Subscription.objects.bulk_create(
        (
            Subscription(
                ref=secrets.token_hex(16),
                address=f"reader-{n}@example.org",
                topic="/series/gdp",
                asked=now,
                confirmed=now,
            )
            for n in range(SUBSCRIBERS)
        ),
        batch_size=2000,
    )
    message = Message.objects.create(
        subject="gdp",
        channel="subscribers",
        about="published",
        at=now,
        key="gdp/subscribers/published",
        title="Published: GDP",
        text="GDP is published: http://bench.example/gdp",
    )
    queue(message, ("/series/gdp",), now, by="bench")
    return message.id


def _sender(home: Path, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.mailing", str(home), name])


def _send(home: Path, name: str) -> None:
    prepare(home)
    from ninethirty.desk.actions.mail_out import mail_out

    mail_out({name}, by=name)


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


if __name__ == "__main__":
    _send(Path(sys.argv[1]), sys.argv[2])
