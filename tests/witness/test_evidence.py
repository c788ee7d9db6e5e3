"""What was kept of a watch, and what is found when somebody changed it."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from ninethirty.core.document import canonical, digest, parse
from ninethirty.core.errors import CannotStart, SealBroken
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import RealClock
from ninethirty.core.verdict import Call, Judge
from ninethirty.core.watch import Part
from ninethirty.witness.evidence.chain import Kind, read_chain
from ninethirty.witness.evidence.check import check
from ninethirty.witness.evidence.keep import Evidence
from ninethirty.witness.evidence.merkle import root
from ninethirty.witness.evidence.replay import replay
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Look
from ninethirty.witness.verdicts import verdict_document
from tests.witness.setting import KEY, NEW, TABLE, Told, channel, file, order, probe, served


def watched(folder: Path) -> Path:
    """Evidence of a few looks at a page and a long file, and of a verdict."""
    bodies = {"/prices": NEW, "/t.csv": TABLE, "/long.bin": random.Random(1).randbytes(6_000_000)}
    told = RealClock()
    with served(lambda asked: Told(body=bodies[asked.path])) as server:
        here = channel(server.url, files=(file(f"{server.url}/t.csv"),))
        ordered = order(here)
        evidence = Evidence(folder, ordered, KEY, told)
        judge, eyes = Judge(ordered, here), probe(told, record=True)
        long = Part("long.bin", f"{server.url}/long.bin")
        with Loop() as loop:
            for part in (here.page, here.files[0], here.page, long):
                seen: list[Sighting] = []
                look = Look(ordered, here.name, here.page.url, part, View.USER)
                eyes.look(loop, look, lambda s, _, a, seen=seen: seen.append(evidence.keep(s, a)))  # type: ignore[misc]
                while not seen:
                    loop.turn(0.1)
                judge.add(seen)
        now = told.now()
        verdict = judge.verdict(now, KEY)
        said = {
            "at": now.text(),
            "channel": here.name,
            "sightings": 4,
            "verdict": verdict_document(verdict),
        }
        evidence.add(Kind.VERDICT, said)
        evidence.close()
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return watched(tmp_path_factory.mktemp("kept") / "evidence")


def changed(kept: Path, tmp_path: Path, change: Callable[[Path], None]) -> tuple[str, ...]:
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(kept, copy)
    change(copy)
    return check(copy).wrong


def test_what_was_not_touched_is_as_it_was_written(kept: Path) -> None:
    found = check(kept)
    assert found.wrong == ()
    assert (found.sightings, len(found.roots)) == (4, 1)


@given(at=st.floats(0, 1, exclude_max=True), name=st.sampled_from(["chain.jsonl", "head"]))
@settings(max_examples=150, deadline=None)
def test_any_changed_byte_of_the_chain_is_found(
    kept: Path, tmp_path_factory: pytest.TempPathFactory, at: float, name: str
) -> None:
    def change(copy: Path) -> None:
        whole = bytearray((copy / name).read_bytes())
        whole[int(at * len(whole))] ^= 1
        (copy / name).write_bytes(whole)

    assert changed(kept, tmp_path_factory.getbasetemp(), change)


@pytest.mark.parametrize("at", [0, 4, 9, 40, 500, 5_000, 100_000, -1])
def test_any_changed_byte_of_an_exchange_is_found(kept: Path, tmp_path: Path, at: int) -> None:
    def change(copy: Path) -> None:
        whole = bytearray((copy / "exchanges.warc.gz").read_bytes())
        whole[at] ^= 1
        (copy / "exchanges.warc.gz").write_bytes(whole)

    assert changed(kept, tmp_path, change)


def lines(copy: Path) -> list[bytes]:
    return (copy / "chain.jsonl").read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda copy: (copy / "chain.jsonl").write_bytes(b"".join(lines(copy)[:-1])),
        lambda copy: (copy / "chain.jsonl").write_bytes(
            b"".join(lines(copy)[:3] + lines(copy)[4:])
        ),
        lambda copy: (copy / "chain.jsonl").write_bytes(
            b"".join([*lines(copy)[:2], lines(copy)[3], lines(copy)[2], *lines(copy)[4:]])
        ),
        lambda copy: (copy / "chain.jsonl").write_bytes(b"".join([*lines(copy), lines(copy)[-1]])),
        lambda copy: (copy / "exchanges.warc.gz").write_bytes(
            (copy / "exchanges.warc.gz").read_bytes() + b"x"
        ),
        lambda copy: (copy / "exchanges.warc.gz").unlink(),
        lambda copy: (copy / "head").unlink(),
        lambda copy: (copy / "chain.jsonl").write_bytes(b""),
        lambda copy: (copy / "more.txt").write_text("not ours"),
    ],
    ids=["cut", "missing", "reordered", "doubled", "added", "no-warc", "no-head", "empty", "more"],
)
def test_what_is_missing_added_or_moved_is_found(
    kept: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    assert changed(kept, tmp_path, change)


def test_other_tools_can_read_the_exchanges_and_a_body_is_there_once(kept: Path) -> None:
    kinds, bodies = [], []
    with (kept / "exchanges.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file):
            kinds.append(record.rec_type)
            if record.rec_type == "response":
                bodies.append(record.content_stream().read())
                assert record.http_headers.get_statuscode() == "200"
    asked_and_answered = ["request", "response", "request", "response", "request", "revisit"]
    assert kinds == ["warcinfo", *asked_and_answered, "request", "response"]
    # Of the long one its first and last 64 kB.
    assert (bodies[:2], len(bodies[2])) == ([NEW, TABLE], 2 * 64 * 1024)


def test_a_sighting_names_the_record_of_its_exchange(kept: Path) -> None:
    warc = (kept / "exchanges.warc.gz").read_bytes()
    for line in read_chain(kept):
        if line.kind is Kind.SIGHTING:
            record = line.said["records"][-1]
            member = warc[record["offset"] : record["offset"] + record["size_bytes"]]
            assert digest(member) == record["digest"] == line.said["sighting"]["evidence"]


def test_replay_gives_the_same_verdict(kept: Path) -> None:
    found = replay(kept)
    assert (found.given, len(found.sightings)) == (1, 4)
    assert found.verdict.call is Call.EARLY


def test_replay_says_so_if_the_evidence_gives_another_verdict(kept: Path, tmp_path: Path) -> None:
    """As a liar would do it who knows how the chain is made."""
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    forged, last = [], "0" * 64
    for line in lines(copy):
        said = parse(line.strip())
        if said["kind"] == "verdict":
            said["said"]["verdict"]["call"] = "late"
        said["previous"] = last
        raw = canonical(said)
        last = digest(raw)
        forged.append(raw + b"\n")
    (copy / "chain.jsonl").write_bytes(b"".join(forged))
    with pytest.raises(SealBroken, match="the verdict given was late"):
        replay(copy)


def test_evidence_is_never_written_over(kept: Path) -> None:
    with pytest.raises(CannotStart, match="--evidence"):
        Evidence(kept, order(channel("http://x.test")), None, RealClock())


def test_a_root_is_another_when_a_leaf_is_moved_dropped_or_doubled() -> None:
    # RFC 6962, section 2.1: the root of nothing is the digest of nothing.
    assert root([]) == digest(b"")
    leaves = [bytes([n]) for n in range(7)]
    roots = {root(leaves[:n]) for n in range(8)}
    roots |= {root([*leaves[1:], leaves[0]]), root([*leaves, leaves[-1]])}
    assert len(roots) == 10
