"""Open a problem of a platform, and gather the releases it hit, of however many producers."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import When, at_local
from ninethirty.desk.actions.problems.act import acting, check_operator, note
from ninethirty.desk.actions.problems.tell import tell_so_far
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Problem, ProblemPart, Release
from ninethirty.desk.record.register import of_incident
from ninethirty.desk.setup import setup

_PROBLEMS = "problem"
"""Locked while an id is taken; it sorts before the timelines of problems."""


@transaction.atomic
def open_problem(platform: str, title: str, *, by: str) -> Problem:
    """Raises NotAllowed: also without a platform or a title."""
    check_operator(by)
    if not platform.strip() or not title.strip():
        raise NotAllowed("a problem has a platform and a title that says what does not work")
    lock([_PROBLEMS])
    year = at_local(setup().clock().now(), setup().promises.usual.zone).year
    begin = f"problem-{year}-"
    number = Problem.objects.filter(id__startswith=begin).count() + 1
    problem = Problem.objects.create(id=f"{begin}{number:04}", platform=platform, title=title)
    note(problem.id, Kind.PROBLEM_OPENED, by, platform=platform)
    return problem


def gather(
    problem: str, release: str, *, hit: When, by: str, producer: str = "", ticket: str = ""
) -> Fact:
    """hit: when it was. producer and ticket: of a release that this desk does not know; for one
    that it does, they are found, as is its breach report. Its producer is told what holds by now.

    Raises:
        NotAllowed: also for a release that is gathered already, or that has no producer.
        OutsideFailed: its producer could not be told; say it again.
    """
    with acting(problem, by) as (row, facts):
        known = Release.objects.filter(id=release).first()
        breach = of_incident(release).first()
        name = producer or (breach.producer if breach else setup().producer if known else "")
        if not name:
            raise NotAllowed(f"{release}: is not known here; say whose release it is")
        part, new = ProblemPart.objects.get_or_create(
            problem=row,
            release=release,
            defaults={
                "producer": name,
                "ticket": ticket or (known.ticket if known else ""),
                "reference": breach.reference if breach else "",
            },
        )
        if not new:
            raise NotAllowed(f"{release}: is gathered under {problem} already")
        gathered = note(problem, Kind.PROBLEM_GATHERED, by, hit, release=part.release)
        tell_so_far(row, part, facts, by=by)
        return gathered
