import threading
import time
from dataclasses import replace

from django.db import transaction

from ninethirty.core.sighting import Sighting
from ninethirty.desk.record.models import SightingRow
from ninethirty.desk.record.sightings import Reader, store
from tests.core.made import RIGHT
from tests.desk.setting import RELEASE, Desk, looks, together


def test_sightings_are_read_once_each_in_the_order_in_which_they_were_stored(desk: Desk) -> None:
    seen = looks(1, 9, RIGHT)
    reader = Reader(RELEASE)
    assert not reader.read()
    store(seen[:4])
    store(seen[2:])
    assert reader.read() == seen
    assert not reader.read()


def test_what_is_committed_late_is_read_all_the_same(desk: Desk) -> None:
    """Its id was taken before that of a sighting which was there to be read earlier."""
    slow, quick = looks(1, 1, RIGHT)[0], looks(3, 3, RIGHT)[1]
    begun, read = threading.Event(), threading.Event()
    reader = Reader(RELEASE)
    read_so_far: list[Sighting] = []

    def first() -> None:
        with transaction.atomic():
            store([slow])
            begun.set()
            time.sleep(0.3)

    def second() -> None:
        begun.wait(5)
        store([quick])
        read.set()

    def reading() -> None:
        end = time.monotonic() + 5
        while time.monotonic() < end and len(read_so_far) < 2:
            read_so_far.extend(reader.read())
            time.sleep(0.01)

    assert together(first, second, reading) == [None] * 3
    assert read_so_far == [slow, quick]


def test_witnesses_that_send_at_one_moment_have_everything_stored(desk: Desk) -> None:
    seen = looks(1, 21, RIGHT)
    parts = [seen[place::4] for place in range(4)]
    came = together(*[lambda part=part: store([*part, seen[0]]) for part in parts])
    assert came == [len(part) + 1 for part in parts]
    numbers = SightingRow.objects.order_by("n").values_list("n", flat=True)
    assert list(numbers) == list(range(1, len(seen) + 1))


def test_a_file_with_a_very_long_name_is_seen_like_any_other(desk: Desk) -> None:
    seen = [replace(one, part="deep/" * 100 + "data.csv") for one in looks(1, 3, RIGHT)]
    store(seen)
    store(seen)
    assert Reader(RELEASE).read() == seen
