import fcntl
import io
import os
import queue
import socket
import stat
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.core.errors import BundleRefused, OutsideFailed
from ninethirty.core.times import Instant
from ninethirty.desk.parcel.names import MOST_FILES, Listed, check_listing, check_portable, same
from ninethirty.desk.parcel.parcel import Parcel
from ninethirty.desk.parcel.scan import scan
from ninethirty.desk.parcel.sweep import keep_sweeping, sweep
from ninethirty.desk.parcel.unpack import unpack
from ninethirty.desk.setup import setup
from tests.desk.setting import Desk


def packed(folder: Path, *files: tuple[str, bytes]) -> Path:
    place = folder / "sent.zip"
    with ZipFile(place, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return place


def below(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in folder.rglob("*")
        if place.is_file()
    }


def reading(content: bytes) -> "io.BufferedReader[io.BytesIO]":
    return io.BufferedReader(io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../index.html", r"'\.\.'"),
        ("a/../../b", r"'\.\.'"),
        ("/etc/passwd", "root of a disk"),
        ("a\\b.csv", "backslash"),
        ("C:/a.csv", "not safe"),
        ("CON", "device on Windows"),
        ("data/com1.csv", "device on Windows"),
        ("a./b.csv", "ends in a dot"),
        ("data.csv ", "space at an end"),
        ("Thumbs.db", "Windows put it there"),
        ("a\nb", "not safe"),
        ("x" * 201, "longer than 200"),
    ],
)
def test_a_name_that_leads_elsewhere_or_windows_cannot_keep_is_refused(
    name: str, said: str
) -> None:
    with pytest.raises(BundleRefused, match=said):
        check_portable(name)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "no file in it"),
        (["a.csv", "A.CSV"], "are one name"),
        (["a.csv", "a.csv"], "are one name"),
        (["caf\u00e9.csv", "cafe\u0301.csv"], "are one name"),
        (["data", "data/a.csv"], "both a file and the folder"),
        ([f"{n}.csv" for n in range(10_000)], "10,000 files"),
    ],
)
def test_files_that_cannot_be_together_are_refused(names: list[str], said: str) -> None:
    with pytest.raises(BundleRefused, match=said):
        check_listing([Listed(name, 1) for name in names])


def test_an_empty_file_and_more_than_is_taken_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(BundleRefused, match="is empty"):
        check_listing([Listed("a.csv", 0)])
    with pytest.raises(BundleRefused, match="at most 5,000,000,000"):
        check_listing([Listed("a.csv", 5_000_000_001)])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("ab./\\C:ON \u0130\u00e9\u0301-"), min_size=1, max_size=8),
            st.binary(min_size=0, max_size=20),
        ),
        max_size=5,
    )
)
def test_whatever_a_zip_names_its_files_nothing_is_written_beside_the_folder(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    sent = folder / "sent.zip"
    with ZipFile(sent, "w") as archive:
        written = set()
        for name, content in files:
            if name not in written:
                archive.writestr(ZipInfo(name), content)
            written.add(name)
    into = folder / "inside" / "made"
    try:
        unpack(sent, into)
    except BundleRefused:
        assert not into.exists()
    else:
        names = list(below(into))
        assert len({same(name) for name in names}) == len(names) > 0
    assert sorted(place.name for place in folder.iterdir()) == ["inside", "sent.zip"]


def test_a_zip_is_unpacked_without_the_folder_around_it_and_what_the_mac_adds(
    tmp_path: Path,
) -> None:
    sent = packed(
        tmp_path,
        ("gdp/index.html", b"<p>"),
        ("gdp/data/a.csv", b"1"),
        ("__MACOSX/gdp/._a.csv", b"x"),
        ("gdp/.DS_Store", b"x"),
    )
    unpack(sent, tmp_path / "made")
    assert below(tmp_path / "made") == {"index.html": b"<p>", "data/a.csv": b"1"}


def test_a_bomb_is_refused_by_what_it_says_and_by_what_comes_out(tmp_path: Path) -> None:
    sent = packed(tmp_path, ("index.html", b"\0" * 20_000_000))
    with pytest.raises(BundleRefused, match="20,000,000 bytes"):
        unpack(sent, tmp_path / "made")
    lying = packed(tmp_path, ("index.html", b"\0" * 2_000_000)).read_bytes()
    told, less = (struct.pack("<I", size) for size in (2_000_000, 1_000))
    (tmp_path / "sent.zip").write_bytes(lying.replace(told, less))
    with pytest.raises(BundleRefused):
        unpack(tmp_path / "sent.zip", tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_ten_thousand_files_a_link_and_a_damaged_archive_are_refused(tmp_path: Path) -> None:
    sent = packed(tmp_path, *((f"{n}.csv", b"1") for n in range(10_000)))
    with pytest.raises(BundleRefused, match="10,000 files, and at most 1,000"):
        unpack(sent, tmp_path / "made")
    with ZipFile(sent, "w") as archive:
        link = ZipInfo("index.html")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BundleRefused, match="is a link"):
        unpack(sent, tmp_path / "made")
    whole = packed(tmp_path, ("index.html", b"<p>"), ("a.csv", bytes(range(256)) * 40)).read_bytes()
    sent.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(BundleRefused, match="cut off or damaged"):
        unpack(sent, tmp_path / "made")
    assert not (tmp_path / "made").exists()
    assert MOST_FILES == 1_000


FILES = [Listed("gdp/index.html", 10, 1), Listed("gdp/data/a.csv", 4, 1)]


def test_an_upload_cut_at_ninety_per_cent_goes_on_from_there(tmp_path: Path) -> None:
    parcel = Parcel(tmp_path / "parcel")
    assert parcel.begin(FILES) == [0, 0]
    assert parcel.add(0, 0, reading(b"123456789").read) == 9
    with pytest.raises(BundleRefused, match="9 of 10 bytes have come"), parcel.made():
        pass
    assert Parcel(tmp_path / "parcel").begin(FILES) == [9, 0]
    assert parcel.add(0, 3, reading(b"x").read) == 9, "another offset: nothing is taken"
    assert parcel.add(0, 9, reading(b"0").read) == 10
    assert parcel.add(1, 0, reading(b"a,b\n").read) == 4
    with parcel.made() as folder:
        assert below(folder) == {"index.html": b"1234567890", "data/a.csv": b"a,b\n"}
    assert parcel.files() == []
    with pytest.raises(BundleRefused, match="begin it again"), parcel.made():
        pass


def test_a_folder_that_was_changed_is_sent_anew(tmp_path: Path) -> None:
    parcel = Parcel(tmp_path / "parcel")
    parcel.begin(FILES)
    parcel.add(0, 0, reading(b"123").read)
    assert parcel.begin([FILES[0], Listed("gdp/data/a.csv", 4, 2)]) == [0, 0]


def test_more_than_was_listed_is_not_taken_and_what_was_there_stays(tmp_path: Path) -> None:
    parcel = Parcel(tmp_path / "parcel")
    parcel.begin(FILES)
    parcel.add(1, 0, reading(b"a,").read)
    with pytest.raises(BundleRefused, match="more came than was listed"):
        parcel.add(1, 2, reading(b"b\nmore").read)
    assert parcel.begin(FILES) == [0, 2]
    with pytest.raises(BundleRefused, match="begin it again"):
        parcel.add(2, 0, reading(b"a").read)


def test_what_is_not_handed_in_stays_to_be_tried_again(tmp_path: Path) -> None:
    parcel = Parcel(tmp_path / "parcel")
    parcel.begin([Listed("index.html", 1)])
    parcel.add(0, 0, reading(b"x").read)
    with pytest.raises(ValueError, match="refused"), parcel.made():
        raise ValueError("refused")
    assert parcel.begin([Listed("index.html", 1)]) == [1]
    parcel.forget()
    assert parcel.begin([Listed("index.html", 1)]) == [0]


@contextmanager
def clamd(answer: bytes, heard: list[bytes]) -> Iterator[str]:
    """Takes one stream as clamd does, and answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as client, client.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", sent.read(4))[0]:
                    content += sent.read(size)
                heard.append(content)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (b"stream: OK\0", None),
        (b"stream: Eicar-Test-Signature FOUND\0", BundleRefused),
        (b"INSTREAM size limit exceeded. ERROR\0", OutsideFailed),
        (b"", OutsideFailed),
    ],
)
def test_a_virus_is_refused_and_a_scan_that_does_not_say_is_no_scan(
    tmp_path: Path, answer: bytes, refused: type[Exception] | None
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"x" * 100_000)
    heard: list[bytes] = []
    with clamd(answer, heard) as address:
        if refused:
            with pytest.raises(refused, match="virus scan"):
                scan(file, "a.csv", address)
        else:
            scan(file, "a.csv", address)
    assert heard == [b"x" * 100_000]


def test_a_scan_that_is_not_there_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    with pytest.raises(OutsideFailed, match="does not answer"):
        scan(tmp_path / "a.csv", "a.csv", str(tmp_path / "no.sock"))


def aged(folder: Path, days: float) -> Path:
    """A parcel of which half came, so long before NOW."""
    parcel = Parcel(folder)
    parcel.begin([Listed("index.html", 4)])
    parcel.add(0, 0, reading(b"ab").read)
    then = (NOW - timedelta(days=days)).timestamp()
    for place in (folder / "listed.json", folder / "came" / "0"):
        os.utime(place, (then, then))
    return folder


NOW = Instant(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_an_upload_that_nobody_goes_on_with_is_thrown_away_after_its_days(tmp_path: Path) -> None:
    old, young = aged(tmp_path / "old", 7.5), aged(tmp_path / "young", 6.5)
    assert sweep(tmp_path, 7, NOW) == 1
    assert not list((old).rglob("came/*"))
    assert Parcel(old).begin([Listed("index.html", 4)]) == [0]
    assert Parcel(young).begin([Listed("index.html", 4)]) == [2]
    assert sweep(tmp_path / "not there", 7, NOW) == 0


def test_a_parcel_that_somebody_is_at_is_not_swept(tmp_path: Path) -> None:
    folder = aged(tmp_path / "slow", 8)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert sweep(tmp_path, 7, NOW) == 0
    parcel = Parcel(folder)
    last = parcel.last_came()
    assert last
    parcel.add(0, 2, reading(b"cd").read)
    assert not parcel.forget_unless_in_use(last), "a piece came meanwhile"
    assert parcel.begin([Listed("index.html", 4)]) == [4]


def test_the_desk_sweeps_again_and_again_whatever_becomes_of_one(desk: Desk) -> None:
    parcels = desk.home / "parcels"
    rounds: queue.Queue[None] = queue.Queue()
    going_on = threading.Semaphore(0)

    def wait(_: float) -> None:
        rounds.put(None)
        going_on.acquire()

    keep_sweeping(setup(), wait)
    rounds.get(timeout=60)
    aged(parcels / "abc", 10_000)
    going_on.release()
    rounds.get(timeout=60)
    assert not list(parcels.rglob("came/*"))
