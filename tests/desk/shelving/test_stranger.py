"""What somebody without a store can tell: from the manifest, and from receipts of gates."""

import os
import signal
from pathlib import Path

import pytest

from ninethirty.core import manifest
from ninethirty.core.document import SigningKey, digest
from ninethirty.core.schedule import Content
from tests.desk.shelving.setting import (
    DATA,
    PAGE,
    PATH,
    Place,
    a_folder,
    a_gate,
    in_seconds,
    run,
    until,
)


def signed_by(place: Place, gate: str) -> str:
    return SigningKey.read((place.folder / f"{gate}.receipt-key").read_text()).public


def receipts(place: Place, gate: str) -> Path:
    return place.folder / gate / "receipts.jsonl"


def test_a_release_is_sealed_with_its_manifest_which_opens_with_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f", before=True))
    entry = place.book.sealed_at(PATH)
    assert entry
    [one] = [o for o in entry.openings if o.path == f"{PATH}/manifest.json"]
    page = next(o for o in entry.openings if isinstance(o.answer, Content) and o.path == PATH
                and o.answer.digest == digest(PAGE))  # fmt: skip
    assert one.opens == page.opens
    assert isinstance(one.answer, Content)
    signed = place.shelf().read(one.answer.digest)
    told = manifest.read_manifest(signed, place.signing.public)
    assert (told.site, told.path, told.opens, told.zone) == (
        "site", PATH, one.opens, "Europe/London",
    )  # fmt: skip
    assert [(part.path, part.digest) for part in told.parts] == [
        (PATH, digest(PAGE)), (f"{PATH}/data.csv", digest(DATA)),
    ]  # fmt: skip


def test_sealing_the_same_again_changes_nothing_at_t_or_now(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder)
    assert "Nothing changed" in place.sealed(folder).out
    place.sealed(folder, "now", path="/y")
    assert "Nothing changed" in place.sealed(folder, "now", path="/y").out


@pytest.mark.parametrize("name", ["manifest.json", "before/manifest.json"])
def test_a_file_in_the_place_of_the_manifest_is_refused(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path)
    refused = place.seal(a_folder(tmp_path / "f", {name: b"{}"}, before=True))
    assert refused.code == 2
    assert f"{name}: expected a free place for the signed manifest" in refused.err
    assert place.root() is None


def test_a_stranger_checks_a_whole_release_with_the_public_key_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", {"tables/ä b.csv": b"1\n"})
    place.sealed(folder, "now")
    with a_gate(place, "north") as gate:
        told = ["--manifest", gate.url(f"{PATH}/manifest.json"), "--key", place.signing.public]
        until(lambda: run("verify", *told).code == 0)
        yes = run("verify", *told).out
        assert f"Yes: all of it is what was sealed for {PATH} of site" in yes
        assert f"same    {PATH}/tables/ä b.csv" in yes
        assert "open since " in yes

        until(lambda: receipts(place, "north").read_bytes().count(b"\n") >= 4)
        more = ["--receipts", str(receipts(place, "north"))]
        gate_key = signed_by(place, "north")
        known = run("verify", *told, *more, "--gate-key", gate_key).out
        assert "of gate north: opened" in known
        assert "first answered with at" in known or "nobody had asked for it by" in known
        assert "receipts of gate north hold\n" in known
        assert f"is this the key of north? {gate_key}" in run("verify", *told, *more).out
        stranger = run("verify", *told, *more, "--gate-key", SigningKey.new().public)
        assert stranger.code == 2
        assert "receipt 1: receipt: signed by" in stranger.err

        one = run("verify", str(folder / "data.csv"), *told, *more)
        assert one.code == 0
        assert f"  {PATH}/data.csv" in one.out
        assert "of gate north: opened" in one.out
        with_store = place.run("verify", str(folder / "data.csv"), *more)
        assert "of gate north: opened" in with_store.out
        (folder / "data.csv").write_bytes(b"another")
        no = run("verify", str(folder / "data.csv"), *told)
        assert no.code == 1
        assert f"is no part of {PATH} of site" in no.out

        wrong_key = run("verify", *told[:2], "--key", SigningKey.new().public)
        assert wrong_key.code == 2
        # A gate that lost one file, which nobody can give it again.
        for lying in place.shelf().lies(digest(DATA)).values():
            for held in (place.folder / "north", place.store):
                (held / "objects" / lying.object[:2] / lying.object).unlink()
    with a_gate(place, "north") as gate:
        told = ["--manifest", gate.url(f"{PATH}/manifest.json"), "--key", place.signing.public]
        broken = run("verify", *told)
        assert broken.code == 1
        assert "NO: not all of it is what was sealed" in broken.out
        assert f"missing {PATH}/data.csv" in broken.out
        assert f"same    {PATH}\n" in broken.out


def test_an_altered_receipt_is_found(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, "now")
    with a_gate(place, "north"):
        until(lambda: receipts(place, "north").read_bytes().count(b"\n") == 3)
    file = receipts(place, "north")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], lines[2]]))
    broken = place.run("verify", str(folder / "data.csv"), "--receipts", str(file))
    assert broken.code == 2
    assert "receipt 2: expected one that follows" in broken.err


def test_held_at_one_gate_and_opened_at_another_is_found_in_their_receipts(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(a_folder(tmp_path / "other"), path="/other")
    with a_gate(place, "north") as north, a_gate(place, "south") as south:
        place.sealed(folder, in_seconds(4))
        until(lambda: "In force at: north, south" in place.run("schedule").out)
        os.kill(south.process.pid, signal.SIGSTOP)
        place.run("hold", PATH, "--wait", "0.5")
        until(lambda: south.get(PATH)[0] == 200)
        os.kill(south.process.pid, signal.SIGCONT)
        both: list[str] = []
        for gate in ("north", "south"):
            both += ["--receipts", str(receipts(place, gate))]
        until(lambda: "UNEQUAL" in place.run("verify", str(folder / "data.csv"), *both).out)
        found = place.run("verify", str(folder / "data.csv"), *both)
        assert found.code == 1
        assert f"UNEQUAL ACCESS: {PATH} was held at north from" in found.out
        assert "and opened at south at" in found.out
        assert north.get(PATH)[0] == 404


@pytest.mark.parametrize("told", [[], ["--store", "s", "--manifest", "u"], ["--store", "s"]])
def test_verify_is_told_what_to_compare_with(told: list[str]) -> None:
    refused = run("verify", *told, "--key", "00" * 32)
    assert refused.code == 2
    assert "name URL_OR_FILE and --store, or --manifest URL" in refused.err
