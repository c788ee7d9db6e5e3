"""A release on its way: what people do, one after the other, up to a gate that stands for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from ninethirty.core.facts import Fact
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.models import Person, Release
from ninethirty.desk.setup import setup
from ninethirty.gate import arm as gate
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from tests.core.made import at
from tests.desk.setting import (
    ANNOUNCED_AT,
    APPROVER,
    GATE,
    GATE_KEY,
    OFFICER,
    PROMISE,
    RELEASE,
    STATISTICIAN,
    Desk,
    bundle,
    work_here,
)
from tests.gate.made import Told

FILES = {"data.csv": "http://platform.example/media/data.csv"}


def promised(release: str = RELEASE, title: str = "Gross domestic product") -> Fact:
    if not Person.objects.exists():
        work_here()
    path = "/gdp" if release == RELEASE else f"/{release}"
    return announce(
        release, title=title, opens=PROMISE, path=path, announced=ANNOUNCED_AT, by=STATISTICIAN
    )


def sealed(folder: Path) -> str:
    promised()
    stage(RELEASE, bundle(folder), by=STATISTICIAN)
    seal(RELEASE, by=STATISTICIAN)
    return Release.objects.get(id=RELEASE).seal


def approved(folder: Path) -> str:
    digest_of_bundle = sealed(folder)
    approve(RELEASE, digest_of_bundle, by=APPROVER)
    return digest_of_bundle


@contextmanager
def gate_running(desk: Desk, folder: Path) -> Iterator[None]:
    """A real gate that pulls from the desk's shelf."""
    stop = Event()

    def pull() -> None:
        store = Store(folder, GATE_KEY)
        try:
            while not stop.wait(0.02):
                gate.arm(
                    store,
                    Folder(desk.home / "shelf"),
                    gate=GATE,
                    trusted_key=setup().key().public,
                    clock=Told(at(-60), drill=True),
                )
        finally:
            store.close()

    thread = Thread(target=pull)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def armed(desk: Desk, folder: Path) -> str:
    digest_of_bundle = approved(folder / "files")
    with gate_running(desk, folder / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    return digest_of_bundle
