"""What can become of a release after it was staged, and what the record says of it then."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ninethirty.core.errors import NoSuchTime, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Stage
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import WallTime
from ninethirty.desk.actions import arm as arming
from ninethirty.desk.actions import hold as holding
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.cancel import cancel
from ninethirty.desk.actions.close import close
from ninethirty.desk.actions.hold import hold
from ninethirty.desk.actions.replace import replace
from ninethirty.desk.actions.reschedule import reschedule
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.public import frame
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import Message, Person, Release
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.setting import (
    APPROVER,
    HEAD,
    OFFICER,
    PROMISE,
    RELEASE,
    STATISTICIAN,
    Desk,
    bundle,
    happens,
    kinds,
    together,
)
from tests.desk.way import FILES, approved, armed, gate_running, promised, sealed

LATER = WallTime.parse("2026-12-02 09:30 Europe/London")


def row(release: str = RELEASE) -> Release:
    return Release.objects.get(id=release)


def scheduled(release: str = RELEASE) -> list[Opening]:
    """Of the release itself; the key of its watch order opens beside it."""
    says = setup().shelf().says(f"release/{release}")
    return [opening for opening in says if not opening.path.startswith("/watch-key/")]


def went_out(release: str) -> None:
    for kind in (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED, Kind.ON_TIME):
        happens(kind, subject=release)


def test_a_release_that_is_held_opens_on_no_gate_that_acknowledged(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    assert scheduled()
    with gate_running(desk, tmp_path / "gate"):
        held = hold(RELEASE, by=HEAD, reason="A figure is in doubt.")
    assert scheduled() == []
    assert (held.details["gates"], held.details["silent"]) == (["gate-1"], [])
    assert row().stage == Stage.HELD
    assert not row().order
    assert Message.objects.get(id=held.details["reason_kept"]).text == "A figure is in doubt."


def test_a_hold_names_the_gate_that_has_not_acknowledged(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "PATIENCE", 0.2)
    armed(desk, tmp_path)
    held = hold(RELEASE, by=OFFICER, reason="In doubt.")
    assert (held.details["gates"], held.details["silent"]) == ([], ["gate-1"])


def test_what_is_open_is_not_held(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    desk.show(HALF_PAST)
    with pytest.raises(NotAllowed, match="it is open; withdraw it"):
        hold(RELEASE, by=HEAD, reason="Too late.")
    assert scheduled()
    assert row().stage == Stage.ARMED


def test_what_was_held_is_armed_again_without_a_new_approval(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    with gate_running(desk, tmp_path / "gate"):
        hold(RELEASE, by=HEAD, reason="In doubt.")
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert row().stage == Stage.ARMED
    assert {opening.path for opening in scheduled()} == {"/gdp", "/gdp/data.csv"}
    assert check_chain(RELEASE) == 9


def test_another_time_is_another_bundle_which_nobody_has_approved(
    desk: Desk, tmp_path: Path
) -> None:
    old = approved(tmp_path / "files")
    reschedule(RELEASE, LATER, by=HEAD, reason="The source was late.")
    assert (row().opens, row().seal, row().stage) == (str(LATER), "", Stage.STAGED)
    with pytest.raises(NotAllowed, match="expected approved"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    new = seal(RELEASE, by=STATISTICIAN).details["seal"]
    assert new != old
    with pytest.raises(NotAllowed, match="nobody approves"):
        approve(RELEASE, new, by=HEAD)
    approve(RELEASE, new, by=APPROVER)
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert {opening.opens for opening in scheduled()} == {LATER.resolve()}


def test_a_release_is_rescheduled_before_anything_was_handed_in(desk: Desk) -> None:
    promised()
    told = reschedule(RELEASE, LATER, by=HEAD, reason="The source was late.")
    assert (told.details["was"], told.details["opens"]) == (str(PROMISE), str(LATER))
    assert (row().opens, row().stage) == (str(LATER), Stage.ANNOUNCED)


def test_a_time_that_has_passed_is_not_promised(desk: Desk) -> None:
    promised()
    desk.show(at(60))
    with pytest.raises(NotAllowed, match="has passed"):
        reschedule(RELEASE, PROMISE, by=HEAD, reason="Late.")
    went_out(RELEASE)
    with pytest.raises(NotAllowed, match="has passed"):
        replace(RELEASE, opens=PROMISE, by=HEAD, reason="Wrong.")
    assert row().opens == str(PROMISE)
    assert Release.objects.count() == 1


def test_a_time_that_does_not_exist_is_not_promised(desk: Desk) -> None:
    promised()
    skipped = WallTime.parse("2027-03-28 01:30 Europe/London")
    with pytest.raises(NoSuchTime):
        reschedule(RELEASE, skipped, by=HEAD, reason="Spring.")
    assert row().opens == str(PROMISE)


def test_who_arms_what_another_has_armed_meanwhile_does_not_take_it_back(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(tmp_path / "files")

    def meanwhile(_: str) -> list[str]:
        monkeypatch.setattr(arming, "_acknowledged", lambda _: ["gate-1"])
        arm(RELEASE, announced_files=FILES, by=OFFICER)
        return ["gate-1"]

    monkeypatch.setattr(arming, "_acknowledged", meanwhile)
    with pytest.raises(NotAllowed, match="the release is armed"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert {opening.path for opening in scheduled()} == {"/gdp", "/gdp/data.csv"}
    assert kinds(facts_of(RELEASE)).count(Kind.ARMED) == 1


def test_a_time_that_has_passed_is_not_armed(desk: Desk, tmp_path: Path) -> None:
    approved(tmp_path / "files")
    desk.show(HALF_PAST)
    with pytest.raises(NotAllowed, match="has passed; promise another time"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)


def test_a_cancelled_release_is_over(desk: Desk, tmp_path: Path) -> None:
    sealed(tmp_path / "files")
    cancel(RELEASE, by=HEAD, reason="No longer compiled.")
    assert (row().stage, row().closed) == (Stage.CANCELLED, True)
    with pytest.raises(NotAllowed, match="the release is cancelled"):
        stage(RELEASE, bundle(tmp_path / "files"), by=STATISTICIAN)


def test_a_witnessed_release_is_closed_by_a_person_or_by_a_runners_step(desk: Desk) -> None:
    promised()
    for kind in (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
        happens(kind)
    with pytest.raises(NotAllowed, match="the release is armed, expected"):
        close(RELEASE, by="runner-12345678")
    happens(Kind.ON_TIME)
    assert (row().stage, row().closed) == (Stage.WITNESSED, False)
    with pytest.raises(NotAllowed, match="not for a statistician"):
        close(RELEASE, by=STATISTICIAN)
    close(RELEASE, by="runner-12345678")
    assert (row().stage, row().closed) == (Stage.CLOSED, True)


def test_a_correction_is_approved_for_itself_and_what_is_public_stays_so_until_it_opens(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    desk.show(at(60))
    happens(Kind.ON_TIME, at(60))
    correction = replace(RELEASE, opens=LATER, by=HEAD, reason="A figure was wrong.")
    assert row().stage == Stage.REPLACED
    assert row(correction).stage == Stage.ANNOUNCED
    assert facts_of(RELEASE)[-1].details["correction"] == correction
    stage(correction, bundle(tmp_path / "files", {"data.csv": b"0.4\n"}), by=STATISTICIAN)
    digest = seal(correction, by=STATISTICIAN).details["seal"]
    with pytest.raises(NotAllowed, match="expected approved"):
        arm(correction, announced_files=FILES, by=OFFICER)
    approve(correction, digest, by=APPROVER)
    with gate_running(desk, tmp_path / "gate"):
        arm(correction, announced_files=FILES, by=OFFICER)
    of_the_file = [opening for opening in scheduled() if opening.path == "/gdp/data.csv"]
    assert [opening.opens for opening in of_the_file] == [PROMISE.resolve(), LATER.resolve()]
    shown = [opening.answer for opening in of_the_file]
    assert isinstance(shown[0], Content)
    assert isinstance(shown[1], Content)
    assert setup().shelf().read(shown[1].digest) == b"0.4\n"

    with gate_running(desk, tmp_path / "gate"):
        hold(correction, by=HEAD, reason="Also wrong.")
    assert {opening.opens for opening in scheduled()} == {PROMISE.resolve()}


def test_a_second_correction_has_a_name_of_its_own(desk: Desk) -> None:
    promised()
    went_out(RELEASE)
    first = replace(RELEASE, opens=LATER, by=HEAD, reason="Wrong.")
    went_out(first)
    second = replace(first, opens=LATER, by=HEAD, reason="Still wrong.")
    assert (first, second) == (f"{RELEASE}/correction-1", f"{RELEASE}/correction-2")
    assert row(second).replaces == RELEASE


Change = Callable[[str, str, str], None]


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Changes our templates as a later version might: a file, what is in it, what is there then."""
    folder = shutil.copytree(frame.TEMPLATES, tmp_path / "templates")
    monkeypatch.setattr(frame, "TEMPLATES", folder)

    def change(name: str, was: str, now: str) -> None:
        text = (folder / name).read_text()
        assert was in text
        (folder / name).write_text(text.replace(was, now))
        frame._templates.cache_clear()

    yield change
    frame._templates.cache_clear()


def test_a_template_that_changes_the_frame_needs_no_new_approval(
    desk: Desk, tmp_path: Path, template: Change
) -> None:
    approved(tmp_path / "files")
    template("frame.html", '<header class="nt-header">', "<header>A banner of the day. ")
    template("frame.html", "<footer", "<nav>Related: <a href='/cpi'>prices</a></nav><footer")
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    shown = next(opening.answer for opening in scheduled() if opening.path == "/gdp")
    assert isinstance(shown, Content)
    assert b"A banner of the day." in setup().shelf().read(shown.digest)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("{{ version_body }}", "{{ version_body }}<p>Provisional.</p>"),
        ("{{ version_body }}", ""),
        ("SHA-256", "Digest"),
    ],
)
def test_a_template_that_changes_the_words_of_the_page_is_refused(
    desk: Desk, tmp_path: Path, template: Change, was: str, now: str
) -> None:
    approved(tmp_path / "files")
    template("bundle.html", was, now)
    with pytest.raises(NotAllowed, match="the words of the page are not those that were approved"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert setup().shelf().root() is None


def test_an_approval_from_before_words_were_approved_is_asked_for_anew(
    desk: Desk, tmp_path: Path
) -> None:
    digest = sealed(tmp_path / "files")
    happens(Kind.APPROVED, at(-3000), actor=APPROVER, seal=digest)
    with pytest.raises(NotAllowed, match="approve it anew"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)


def test_of_people_who_act_at_one_moment_each_sees_what_the_other_did(
    desk: Desk, tmp_path: Path
) -> None:
    """Two approvals of one seal, or an approval and a new bundle: never both."""
    digest = sealed(tmp_path / "files")
    files = bundle(tmp_path / "files", {"data.csv": b"other"})
    came = together(
        lambda: approve(RELEASE, digest, by=APPROVER),
        lambda: approve(RELEASE, digest, by=HEAD),
        lambda: stage(RELEASE, files, by=STATISTICIAN),
    )
    done = [one.kind for one in came if not isinstance(one, NotAllowed)]
    assert done.count(Kind.APPROVED) <= 1
    assert kinds(facts_of(RELEASE))[-1] is Kind.STAGED
    assert row().stage == Stage.STAGED


def test_who_has_left_does_nothing(desk: Desk, tmp_path: Path) -> None:
    digest = sealed(tmp_path / "files")
    Person.objects.filter(id=APPROVER).update(left=at(-3600))
    with pytest.raises(NotAllowed, match=APPROVER):
        approve(RELEASE, digest, by=APPROVER)


def test_a_release_nobody_announced_is_not_there(desk: Desk) -> None:
    promised()
    happens(Kind.ANNOUNCED, subject="release/ghost")
    with pytest.raises(NotAllowed, match="release/ghost: there is no such release"):
        stage("release/ghost", Path("nowhere"), by=STATISTICIAN)
