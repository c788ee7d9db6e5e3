"""ninethirty check: what was changed behind our back is named, and nothing else is."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ninethirty.core import heads
from ninethirty.core.document import SigningKey
from ninethirty.core.facts import Kind
from ninethirty.core.heads import Signed, write_signed
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.replace import replace
from ninethirty.desk.actions.sign_heads import published, sign_heads
from ninethirty.desk.command import check
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import FactRow, Head, Release, SightingCount, SignedHead
from ninethirty.desk.record.sightings import store
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, RIGHT, at
from tests.desk.setting import HEAD, RELEASE, Desk, happens, looks
from tests.desk.test_record import sql, without_triggers
from tests.desk.way import armed

OTHER = "release/cpi"


def checked(desk: Desk, *more: str) -> Result:
    return CliRunner().invoke(check, ["--home", str(desk.home), *more])


def differs(desk: Desk, *more: str) -> list[str]:
    """What check says on its standard error; it must then exit with 1."""
    found = checked(desk, *more)
    said = found.stderr.splitlines()
    assert found.exit_code == bool(said)
    return said


def two_timelines(desk: Desk) -> bytes:
    """Two releases with two facts each, told and published; a copy of what was published."""
    for subject in (RELEASE, OTHER):
        happens(Kind.BLIND, subject=subject)
        happens(Kind.PAGED, subject=subject)
    desk.show(at(0))
    sign_heads(by="runner-1")
    copy = published()
    assert copy is not None
    return copy


def cut(subject: str, n: int) -> None:
    """As somebody would who knows our tables: facts after n are gone, and the head fits again."""
    sql("DELETE FROM facts WHERE subject = %s AND n > %s", subject, n)
    last = facts_of(subject)[-1:]
    if not last:
        sql("DELETE FROM record_head WHERE subject = %s", subject)
        return
    hashed = FactRow.objects.get(subject=subject, n=n).hash
    Head.objects.filter(subject=subject).update(n=n, hash=hashed)


def test_a_whole_day_differs_in_nothing(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    desk.show(at(60))
    happens(Kind.ON_TIME)
    replace(
        RELEASE, opens=WallTime.parse("2026-12-02 09:30 Europe/London"), by=HEAD, reason="Wrong."
    )
    store(looks(1, 9, RIGHT))
    sign_heads(by="runner-1")
    assert differs(desk) == []
    assert "repaired" not in checked(desk, "--repair").stdout


def test_a_cut_timeline_is_found_by_the_ends_that_were_told(desk: Desk) -> None:
    two_timelines(desk)
    without_triggers()
    cut(OTHER, 1)
    assert differs(desk) == [
        f"{OTHER}: expected 2 facts or more, as told in heads, found 1 facts",
    ]


def test_a_removed_timeline_is_found_by_the_ends_that_were_told(desk: Desk) -> None:
    two_timelines(desk)
    without_triggers()
    cut(OTHER, 0)
    assert differs(desk) == [
        f"{OTHER}: expected 2 facts or more, as told in heads, found none: the timeline was removed"
    ]


def test_who_also_cuts_what_was_told_is_found_by_what_is_published(desk: Desk) -> None:
    two_timelines(desk)
    happens(Kind.STEP_DONE, subject=OTHER)
    desk.show(at(60))
    sign_heads(by="runner-1")
    without_triggers()
    cut(OTHER, 2)
    cut(heads.SUBJECT, 1)
    assert differs(desk, "--repair") == [
        f"heads: expected fact 2 as signed at {at(60).text()} in what is published, found 1 facts"
    ]


def test_who_forges_all_we_have_is_found_by_a_copy_somebody_kept(
    desk: Desk, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    kept.write_bytes(two_timelines(desk))
    without_triggers()
    cut(OTHER, 0)
    cut(heads.SUBJECT, 0)
    SignedHead.objects.all().delete()
    desk.show(at(120))
    setup().shelf().publish("site/heads", [], at(120))
    sign_heads(by="runner-1")
    assert differs(desk) == []
    assert differs(desk, "--against", str(kept)) == [
        f"heads: expected fact 1 as signed at {HALF_PAST.text()} in {kept}, found another"
    ]


def test_an_older_copy_of_a_record_that_went_on_is_no_difference(
    desk: Desk, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    kept.write_bytes(two_timelines(desk))
    happens(Kind.STEP_DONE, subject=OTHER)
    desk.show(at(60))
    sign_heads(by="runner-1")
    assert differs(desk, "--against", str(kept)) == []


def test_a_copy_that_we_did_not_sign_is_said_to_be_none(desk: Desk, tmp_path: Path) -> None:
    forged = tmp_path / "forged.json"
    two_timelines(desk)
    forged.write_bytes(write_signed(Signed(1, "h", "d", 1, HALF_PAST), SigningKey.new()))
    (said,) = differs(desk, "--against", str(forged))
    assert said.startswith(f"{forged}: heads: signed by")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stage", "closed"),
        ("closed", True),
        ("opens", "2026-12-01 07:00 Europe/London"),
        ("seal", "0" * 64),
    ],
)
def test_a_derived_column_that_differs_is_named_and_repaired_from_the_facts(
    desk: Desk, tmp_path: Path, column: str, value: Any
) -> None:
    armed(desk, tmp_path)
    before = getattr(Release.objects.get(id=RELEASE), column)
    Release.objects.update(**{column: value})
    assert differs(desk) == [f"{RELEASE}: {column}: expected {before}, found {value}"]
    facts = facts_of(RELEASE)
    repaired = checked(desk, "--repair")
    assert repaired.exit_code == 0
    line = f"repaired: {RELEASE}: {column}: expected {before}, found {value}"
    assert line in repaired.stdout.splitlines()
    assert getattr(Release.objects.get(id=RELEASE), column) == before
    assert facts_of(RELEASE) == facts
    assert differs(desk) == []


def test_tables_that_count_and_keep_ends_are_repaired_too(desk: Desk) -> None:
    two_timelines(desk)
    store(looks(1, 9, RIGHT))
    last = SightingCount.objects.get().n
    SightingCount.objects.update(n=1)
    SignedHead.objects.filter(subject=OTHER).delete()
    found = differs(desk)
    assert found[0].startswith(f"table of told ends, at {OTHER}: expected [(2,")
    assert found[1] == f"{RELEASE}: count of sightings: expected {last}, found 1"
    assert checked(desk, "--repair").exit_code == 0
    assert differs(desk) == []


def test_a_broken_chain_is_never_repaired(desk: Desk) -> None:
    two_timelines(desk)
    without_triggers()
    sql("UPDATE facts SET actor = 'x' WHERE subject = %s AND n = 2", OTHER)
    Head.objects.filter(subject=RELEASE).update(n=1)
    said = [
        f"{OTHER}: fact 2 is not what was recorded",
        f"{RELEASE}: 2 facts are there, the head says 1",
    ]
    assert differs(desk, "--repair") == said
    assert differs(desk) == said


def test_an_act_at_a_stage_that_does_not_allow_it_is_named(desk: Desk) -> None:
    Release.objects.create(id=RELEASE, title="GDP", opens="then", path="/gdp", announced="a")
    happens(Kind.ANNOUNCED)
    happens(Kind.ARMED)
    assert differs(desk) == [f"{RELEASE}: fact 2: expected an act its stage allows, found armed"]


def test_a_bundle_that_is_not_the_one_approved_is_named(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    row = Release.objects.get(id=RELEASE)
    assert row.manifest is not None
    row.manifest["title"] = "Another"
    row.save()
    (said,) = differs(desk)
    assert said.startswith(f"{RELEASE}: bundle: expected {row.seal}, found ")
