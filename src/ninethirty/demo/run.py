"""Set the stage, let the day happen, and say how it went."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from ninethirty.core.errors import BundleRefused, CannotStart
from ninethirty.core.page import title as title_of
from ninethirty.core.seal import PAGE, files_of
from ninethirty.core.times import DrillClock
from ninethirty.demo.breaks import Break
from ninethirty.demo.case import Case
from ninethirty.demo.clockwork import begin
from ninethirty.demo.day import Day, Kill
from ninethirty.demo.example import TITLE, write_example
from ninethirty.demo.expect import judge, judge_fault
from ninethirty.demo.faults import COUNTDOWN_LOST, check_fault
from ninethirty.demo.outcome import compared, judged
from ninethirty.demo.records import read_records
from ninethirty.demo.stage_set import BEFORE, SERVERS, StageSet
from ninethirty.demo.supervise import Company
from ninethirty.demo.view import View
from ninethirty.demo.watched import say_outcome, say_where
from ninethirty.desk.folder import contents_of
from ninethirty.lifeline import check_free

USUAL_LENGTH = timedelta(minutes=96)


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line. speed: one pace throughout; None: as in the story.
    alone: nobody plays the officer on call."""

    case: Case
    seed: int = 0
    speed: float | None = None
    files: Path | None = None
    broken: Break | None = None
    fault: str = COUNTDOWN_LOST
    alone: bool = False
    kill: Kill | None = None
    stay: bool = True


def run(stage: StageSet, wishes: Wishes, console: Console) -> int:
    """The exit status: 0 only if every expectation held.

    Raises:
        CannotStart: a port is taken, or a process did not start. BundleRefused: own files that
        cannot be a release.
    """
    for name in SERVERS:
        check_free(*stage.listen(name), "--port N (the first of eight)")
    files, title = _bundle(stage, wishes)
    begin(stage.drill, stage.opens - BEFORE)
    view = View(
        console,
        zone=stage.promised.zone,
        begins=stage.opens - BEFORE,
        ends=stage.opens + USUAL_LENGTH,
    )
    with Company(stage.logs) as company:
        day = Day(
            stage, company, view, DrillClock(stage.drill), seed=wishes.seed, fault=wishes.fault
        )
        with view:
            day.make_ready(files, title, wishes.broken, alone=wishes.alone)
            say_where(stage)
            day.happen(wishes.speed, wishes.kill)
        records = read_records(stage)
        console.print()
        if wishes.fault == COUNTDOWN_LOST:
            expectations = judge(stage, records, wishes.speed)
            console.print(compared(stage, wishes.case, records, day.drafted))
        else:
            expectations = judge_fault(stage, records, check_fault(wishes.fault), day.said)
        console.print(judged(expectations))
        say_outcome(stage, expectations)
        for kind in ("html", "json"):
            place = stage.report(kind)
            said = f"Report: {place}" if place.exists() else f"No report as {kind}."
            console.print(said, soft_wrap=True, highlight=False)
        if wishes.stay:
            console.print(
                f"\nThe gate's page:   {stage.alternate}\nThe live timeline: {stage.timeline}\n"
                f"A sample register: {stage.url('gate')}/register\nAll stay until Ctrl-C."
            )
            day.linger()
    return 0 if all(one.held for one in expectations) else 1


def _bundle(stage: StageSet, wishes: Wishes) -> tuple[Path, str]:
    """The folder of the release, and its title; the stage is cleared for a new run."""
    if wishes.files is None:
        _clear(stage)
        write_example(stage.home / "files")
        return stage.home / "files", TITLE
    if wishes.files.is_relative_to(stage.home):
        raise CannotStart(f"{wishes.files} lies in {stage.home}, which is cleared first: --into")
    contents = contents_of(wishes.files)
    for file in files_of(contents):
        if "/" in file.name:
            raise BundleRefused(f"{file.name}: the demo's platform takes no folders in a bundle")
    _clear(stage)
    return wishes.files, title_of(contents[PAGE].decode(errors="replace")) or TITLE


def _clear(stage: StageSet) -> None:
    """Make room for a run. Raises CannotStart for a folder that is not an earlier run's."""
    if stage.home.exists() and any(stage.home.iterdir()) and not stage.logs.exists():
        raise CannotStart(f"{stage.home} holds something else; name a folder of its own: --into")
    shutil.rmtree(stage.home, ignore_errors=True)
    stage.logs.mkdir(parents=True)
