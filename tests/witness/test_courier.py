import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.watch import WatchOrder, write_order
from ninethirty.witness.courier import Courier
from ninethirty.witness.desk import Desk
from ninethirty.witness.journal import Journal
from ninethirty.witness.orders import Orders
from tests.witness.setting import HALF_PAST, FakeDesk, channel, eventually, order, served

OUR_DESK = SigningKey.new()
SOMEBODY = SigningKey.new()
ORDER = order(channel("http://127.0.0.1:1"))


def sighting(n: int) -> Sighting:
    at = HALF_PAST + timedelta(seconds=n)
    return Sighting("w1", "n1", "prices-2026-11", "announced", f"p{n}", View.USER, at, at)


@contextmanager
def courier(
    url: str, folder: Path, *sightings: Sighting, followed: list[WatchOrder] | None = None
) -> Iterator[Journal]:
    journal = Journal(folder)
    for each in sightings:
        journal.write(each)
    orders = Orders(folder / "orders", OUR_DESK.public)
    follow = (followed if followed is not None else []).append
    goes = Courier(Desk(url, "token"), journal, orders, follow)
    try:
        yield journal
    finally:
        goes.close()
        journal.close()


def parts(desk: FakeDesk) -> list[str]:
    return [stored["part"] for stored in desk.stored.values()]


def test_an_order_is_followed_and_still_known_without_the_desk(tmp_path: Path) -> None:
    followed: list[WatchOrder] = []
    with (
        served(FakeDesk(write_order(ORDER, OUR_DESK))) as server,
        courier(server.url, tmp_path, followed=followed),
    ):
        eventually(lambda: followed)
    assert followed == [ORDER]
    assert Orders(tmp_path / "orders", OUR_DESK.public).kept() == [ORDER]


def test_an_order_with_a_wrong_signature_is_refused_and_the_others_are_followed(
    tmp_path: Path,
) -> None:
    signed = write_order(ORDER, OUR_DESK)
    listed = [
        write_order(ORDER, SOMEBODY),
        signed.replace(b"prices-2026-11", b"prices-2026-12"),
        b"not an order",
        signed,
    ]
    followed: list[WatchOrder] = []
    with served(FakeDesk(*listed)) as server, courier(server.url, tmp_path, followed=followed):
        eventually(lambda: followed)
    assert followed == [ORDER]
    # A kept order is not believed for lying in our folder.
    assert Orders(tmp_path / "orders", SOMEBODY.public).kept() == []


def test_an_order_older_than_the_one_in_force_is_refused(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "orders", OUR_DESK.public)
    newer = replace(ORDER, issued=ORDER.issued + timedelta(seconds=1))
    assert orders.accept(write_order(newer, OUR_DESK)) == newer
    assert orders.accept(write_order(ORDER, OUR_DESK)) is None
    assert orders.accept(write_order(newer, OUR_DESK)) == newer
    # After a restart too.
    again = Orders(tmp_path / "orders", OUR_DESK.public)
    assert again.accept(write_order(ORDER, OUR_DESK)) is None
    assert again.kept() == [newer]


def test_sightings_go_in_batches_and_each_only_once(tmp_path: Path) -> None:
    desk = FakeDesk()
    sightings = [sighting(n) for n in range(450)]
    with served(desk) as server, courier(server.url, tmp_path, *sightings) as journal:
        eventually(lambda: not journal.unsent(1))
    assert desk.sizes == [200, 200, 50]
    assert parts(desk) == [f"p{n}" for n in range(450)]


def test_a_bad_sighting_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    desk = FakeDesk()
    desk.bad = lambda sighting: sighting["part"] in {"p3", "p7"}
    sightings = [sighting(n) for n in range(10)]
    with served(desk) as server, courier(server.url, tmp_path, *sightings) as journal:
        eventually(lambda: not journal.unsent(1))
        journal.write(sighting(10))
        journal.write(sighting(11))
        eventually(lambda: not journal.unsent(1))
    assert parts(desk) == [f"p{n}" for n in range(12) if n not in {3, 7}]


@pytest.mark.parametrize("difficulty", ["down", "barred"])
def test_a_desk_that_does_not_take_them_is_asked_until_it_does(
    tmp_path: Path, difficulty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = FakeDesk()
    setattr(desk, difficulty, True)
    with served(desk) as server, courier(server.url, tmp_path, sighting(0)) as journal:
        eventually(lambda: server.paths().count("/api/v1/sightings") > 3)
        assert journal.unsent(1)
        setattr(desk, difficulty, False)
        eventually(lambda: not journal.unsent(1))
    assert parts(desk) == ["p0"]
    # Said once, not at each attempt.
    assert capsys.readouterr().out.count(f"desk.{difficulty}") == 1


def test_a_desk_that_is_not_there_at_all_is_asked_until_it_is(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    desk = FakeDesk()
    with courier(f"http://127.0.0.1:{port}", tmp_path, sighting(0)) as journal:
        with pytest.raises(AssertionError, match="did not come about"):
            eventually(lambda: not journal.unsent(1), within=0.5)
        with served(desk, port=port):
            eventually(lambda: not journal.unsent(1))
    assert parts(desk) == ["p0"]


def test_an_address_that_cannot_be_a_desk_is_named_at_the_start() -> None:
    with pytest.raises(CannotStart, match="--desk"):
        Desk("127.0.0.1:8000", "token")
