"""Remind somebody of a report or an action before its day is over, once each."""

from contextlib import suppress
from datetime import timedelta

from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.report import Stage
from ninethirty.core.targets import Aim, Target, Targets, targets
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.actions.reports.act import note
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import first_route
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, CorrectiveAction
from ninethirty.desk.record.register import SLIPPED, subject_of
from ninethirty.desk.setup import setup

AHEAD = timedelta(days=1)

_BEFORE_IT_IS_SENT = (Stage.DRAFT, Stage.IN_REVIEW, Stage.SIGNED, Stage.RETURNED)


def remind(*, by: str) -> list[Fact]:
    """Page for what is due within a day, or overdue, and was not reminded of. A page may come
    twice, so it goes out before it is written down.

    Raises:
        OutsideFailed: the pager; ask again.
    """
    now = setup().clock().now()
    due: list[tuple[str, str, str]] = [
        (breach.reference, Aim.REPORT, f"report {breach.reference} is due by {_day(target.due)}")
        for breach in Breach.objects.filter(stage__in=_BEFORE_IT_IS_SENT, sender="", sample=False)
        for target in targets_of(breach)
        if target.aim is Aim.REPORT and target.met is None and target.due - AHEAD <= now
    ]
    tomorrow = at_local(now, setup().promises.usual.zone).date() + AHEAD
    due += [
        (
            action.breach.reference,
            f"action/{action.n}",
            f"action {action.n} of {action.breach.reference} is due on {action.due.isoformat()}",
        )
        for action in CorrectiveAction.objects.filter(
            done=None, due__lte=tomorrow, breach__sender="", breach__sample=False
        ).select_related("breach")
    ]
    return [fact for reference, of, words in due if (fact := _remind(reference, of, words, by))]


def targets_of(breach: Breach) -> list[Target]:
    """Our own, whether they are met or not."""
    facts = facts_of(subject_of(breach.reference))
    if breach.release and breach.cause != SLIPPED:
        facts += facts_of(breach.release, kinds=[Kind.USERS_TOLD])
    reports, promises = setup().reports, setup().promises
    aims = Targets(
        timedelta(hours=reports.first_word_hours),
        reports.report_working_days,
        promises.usual.zone,
        days_off(promises.places, promises.closures),
    )
    return targets(Instant.of(breach.known), facts, aims)


def _remind(reference: str, of: str, words: str, by: str) -> Fact | None:
    key = f"{subject_of(reference)}/reminded/{of}"
    if any(fact.key == key for fact in facts_of(subject_of(reference), kinds=[Kind.REMINDED])):
        return None
    first_route(setup()).page(Alert(words, key))
    with suppress(AlreadyHappened):
        return note(reference, Kind.REMINDED, by, key=key, of=of)
    return None


def _day(due: Instant) -> str:
    """The day that ends then."""
    zone = setup().promises.usual.zone
    return at_local(due - timedelta(seconds=1), zone).date().isoformat()
