"""The days after a fix: has the same kind of fault come back, on any release?"""

from ninethirty.core.facts import Kind
from ninethirty.desk.actions.reports.watched import add_watch
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import happened
from ninethirty.desk.record.models import FactRow


def begin_watch(work: Work) -> list[Happened]:
    inferred = happened(work.facts, Kind.CAUSE_INFERRED)
    cause = inferred.details["cause"] if inferred else "not_known"
    return [Happened(Kind.WATCH_BEGUN, None, "watch/begun", {"cause": cause})]


def end_watch(work: Work) -> list[Happened]:
    """Note on which releases it was seen again."""
    begun = happened(work.facts, Kind.WATCH_BEGUN)
    assert begun is not None
    again = FactRow.objects.filter(
        kind=str(Kind.CAUSE_INFERRED),
        recorded__gt=begun.recorded,
        details__cause=begun.details["cause"],
    ).exclude(subject=work.release.id)
    details = {
        "cause": begun.details["cause"],
        "again": sorted(set(again.values_list("subject", flat=True))),
    }
    add_watch(work.release.id, details)
    return [Happened(Kind.WATCH_ENDED, None, "watch/ended", details)]
