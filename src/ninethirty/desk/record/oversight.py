"""The regulator's view, as questions to the register: what waits, what is overdue, what trends."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from ninethirty.core.register import Run, Trend, densest
from ninethirty.core.report import Stage
from ninethirty.desk.record.models import Breach, CorrectiveAction, KeptPromise


def inbox() -> list[Breach]:
    """Reports that wait for an answer, the longest first."""
    return list(Breach.objects.filter(stage=Stage.SUBMITTED).exclude(sender="").order_by("id"))


def questions() -> list[Breach]:
    """Reports whose producer was asked, and has not sent the next version."""
    return list(Breach.objects.filter(stage=Stage.RETURNED).order_by("id"))


def overdue_actions(today: date) -> list[CorrectiveAction]:
    """The longest overdue first; samples are nobody's."""
    rows = CorrectiveAction.objects.filter(done=None, due__lt=today, breach__sample=False)
    return list(rows.select_related("breach").order_by("due", "breach__reference"))


def unsent() -> list[Breach]:
    """Of our own: not yet with a body. Which of them are overdue, their targets say."""
    stages = (Stage.DRAFT, Stage.IN_REVIEW, Stage.SIGNED, Stage.RETURNED)
    rows = Breach.objects.filter(stage__in=stages, sender="", sample=False)
    return list(rows.order_by("known"))


def trends(producer: str = "", since: date = date.min) -> list[Trend]:
    """Month by month, from the first breach or release since that day. A release that both
    witnesses and its platform tell of was due once."""
    of = {"producer": producer} if producer else {}
    occurred = Breach.objects.filter(sample=False, occurred__gte=since, **of)
    breaches = _by_month(occurred, "occurred", "id")
    promised = KeptPromise.objects.filter(**of)
    if since > date.min:
        promised = promised.filter(promised__gte=datetime.combine(since, time.min, UTC))
    due = _by_month(promised, "promised", "release")
    months = sorted(breaches.keys() | due.keys())
    return [Trend(month, breaches.get(month, 0), due.get(month, 0)) for month in months]


def densest_of(producer: str) -> Run | None:
    """The 90 days in which this producer had the most breaches."""
    rows = Breach.objects.filter(producer=producer, sample=False, occurred__isnull=False)
    return densest(day for day in rows.values_list("occurred", flat=True) if day)


def _by_month(rows: QuerySet[Any], moment: str, what: str) -> dict[date, int]:
    counted = (
        rows.annotate(month=TruncMonth(moment))
        .values("month")
        .annotate(n=Count(what, distinct=True))
        .order_by("month")
    )
    return {date(row["month"].year, row["month"].month, 1): row["n"] for row in counted}
