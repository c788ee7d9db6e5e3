"""Take up promises that were made elsewhere: say what would change, then do it.

They bind already: so weekday and time are warned of and not refused. Another date and a
cancellation still take the head of profession; for anybody else, another date is asked for.

What is new belongs to the series that was named; else to one for all such releases of its producer,
where desk.toml says whom an organisation is here; else to none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256

from django.db import transaction

from ninethirty.core.announcement import (
    Circumstances,
    DaysOff,
    Provisional,
    judge,
    judge_provisional,
)
from ninethirty.core.errors import NinethirtyError, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.naming import check_id, check_length, check_path, check_title
from ninethirty.core.release import Role, Stage, check_may, move_asked
from ninethirty.core.times import Instant, WallTime, at_local
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.add_series import OTHER, add_series
from ninethirty.desk.actions.announce import CALENDAR
from ninethirty.desk.actions.cancel import cancel
from ninethirty.desk.actions.check_promise import dated, weighed
from ninethirty.desk.actions.move import move, take_back_if_armed
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.rules import rules_of
from ninethirty.desk.actions.set_date import set_date
from ninethirty.desk.actions.whose import role_for, role_in
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.outside.calendars.found import Found, Odd
from ninethirty.desk.promises import Promises
from ninethirty.desk.record.facts import New, append_all, facts_of, lock
from ninethirty.desk.record.models import Producer, Release, Series
from ninethirty.desk.setup import setup

TOGETHER = 200
"""So many new ones are recorded in one transaction: others wait no longer than for these."""

_SLUG_LETTERS = 60

_WITHOUT_REASON = "No reason was given there."


class Change(StrEnum):
    NEW = "new"
    DATED = "dated"
    MOVED = "moved"
    RENAMED = "renamed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Planned:
    change: Change
    release: str
    found: Found
    was: str = ""
    series: str = ""
    """Of a new one."""

    def __str__(self) -> str:
        told = self.found
        match self.change:
            case Change.NEW:
                what = f"{told.when}: {told.title}"
                what += f" ({self.series})" if self.series else ""
                what += ", cancelled since" if told.is_cancelled else ""
            case Change.RENAMED:
                what = f"{told.title!r}, was {self.was!r}"
            case Change.CANCELLED:
                what = told.reason or _WITHOUT_REASON
            case _:
                what = f"{told.when}, was {self.was}" + (f" ({told.reason})" if told.reason else "")
        return f"{self.change} {self.release}: {what}"


@dataclass(frozen=True)
class Added:
    """A series to which releases of a producer belong that are given to no other."""

    series: str
    title: str
    producer: str

    def __str__(self) -> str:
        return f"new series {self.series}: {self.title}"


@dataclass(frozen=True)
class Plan:
    """What would change; what could not be read or taken, and why; how many are as they were, and
    how many are past and were never promised here."""

    added: list[Added] = field(default_factory=list)
    changes: list[Planned] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    unchanged: int = 0
    past: int = 0


def plan(found: Iterable[Found | Odd], *, series: str = "") -> Plan:
    """Reads the record, and changes nothing. series: to which new ones belong.

    Raises NotAllowed: there is no such series, or a producer of desk.toml is not there.
    """
    if series and not Series.objects.filter(id=series).exists():
        raise NotAllowed(f"there is no series {series}; add it first")
    rows = Release.objects.filter(replaces="").defer("order")
    known = {row.source: row for row in rows.exclude(source="")}
    ids = set(rows.values_list("id", flat=True))
    paths = set(rows.exclude(stage=Stage.CANCELLED).values_list("path", flat=True))
    today = at_local(setup().clock().now(), rules_of(series).usual.zone).date()
    others = _others() if not series else {}
    changes, odd, seen = [], [], set()
    unchanged = past = 0
    for one in found:
        if isinstance(one, Odd):
            odd.append(one)
            continue
        try:
            if one.source in seen:
                raise NotAllowed("is there twice; the first counts")
            seen.add(one.source)
            _check(one)
            if row := known.get(one.source):
                steps = _steps(row, one)
                changes += steps
                unchanged += not steps
            elif _last(one.when) < today:
                past += 1
            else:
                release = release_id(one.source)
                if release in ids or f"/{release}" in paths:
                    raise NotAllowed(f"{release}: there is another release of this name")
                ids.add(release)
                other = next((others[name] for name in one.issued_by if name in others), None)
                belongs = other.series if other else series
                changes.append(Planned(Change.NEW, release, one, series=belongs))
        except NinethirtyError as wrong:
            odd.append(Odd(one.source, str(wrong).removeprefix(f"{one.source}: ")))
    wanted = {one.series for one in changes if one.change is Change.NEW}
    there = set(Series.objects.filter(id__in=wanted).values_list("id", flat=True))
    missing = {one.series: one for one in others.values() if one.series in wanted - there}
    return Plan(list(missing.values()), changes, odd, unchanged, past)


def _others() -> dict[str, Added]:
    """An organisation -> the series of what its producer has not given to another."""
    told = setup().producers
    names = dict(Producer.objects.filter(id__in=told.values()).values_list("id", "name"))
    for organisation, producer in told.items():
        if producer not in names:
            raise NotAllowed(
                f"producers.{organisation} in desk.toml: there is no producer {producer}; add it "
                "first: ninethirty promise producer"
            )
    return {
        organisation: Added(f"{OTHER}-{id}", f"Other releases of {names[id]}"[:300], id)
        for organisation, id in told.items()
    }


def release_id(source: str) -> str:
    """The same for the same source, for ever; and another for another."""
    place, _, name = source.partition(" ")
    last = name.rstrip("/").rpartition("/")[2] or name
    slug = re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")
    if slug != last or len(slug) > _SLUG_LETTERS:
        unlike = sha256(source.encode()).hexdigest()[:8]
        slug = f"{slug[:_SLUG_LETTERS].strip('-')}-{unlike}".lstrip("-")
    return f"{place.replace('.', '')}/{slug}"


def take_up(planned: Plan, *, by: str) -> Iterator[Added | Planned | Odd]:
    """Do it; each change is told once it is recorded, or why it was not. One that fails stops no
    other, and leaves nothing behind.

    Raises NotAllowed: this person may promise nothing, or does not work for a producer to which a
    series is added.
    """
    role = role_of(by)
    check_may(Kind.ANNOUNCED, role, by, [])
    for one in planned.added:
        role_for(one.producer, by)
    new = [one for one in planned.changes if one.change is Change.NEW]
    done: Counter[str] = Counter()
    for one in planned.added:
        if not Series.objects.filter(id=one.series).exists():
            add_series(one.series, one.title, producer=one.producer, by=by)
            yield one
    judging = _Judging()
    for start in range(0, len(new), TOGETHER):
        for said in _announce(new[start : start + TOGETHER], judging, by):
            done[said.change if isinstance(said, Planned) else "odd"] += 1
            yield said
    later = [one for one in planned.changes if one.change is not Change.NEW]
    for change in [*later, *(replace(n, change=Change.CANCELLED) for n in new if _is_off(n))]:
        try:
            _do(change, by, role)
        except NinethirtyError as wrong:
            done["odd"] += 1
            yield Odd(change.found.source, str(wrong))
        else:
            done[change.change] += 1
            yield change
    if done:
        note(CALENDAR, Kind.IMPORTED, by, odd=len(planned.odd) + done.pop("odd", 0), **done)


def _check(found: Found) -> None:
    check_id(release_id(found.source), longest=100)
    check_title(found.source, found.title)
    check_length(found.source, "source", found.source, 300)
    check_length(found.source, "address", found.address, 500)
    check_path(found.source, f"/{release_id(found.source)}")


def _steps(row: Release, found: Found) -> list[Planned]:
    """What has to change in the record. Raises NotAllowed: a person has to decide."""
    if found.version and found.version < row.source_version:
        return []
    steps = []
    is_cancelled = row.stage == Stage.CANCELLED
    if found.is_cancelled:
        return [] if is_cancelled else [Planned(Change.CANCELLED, row.id, found)]
    if is_cancelled:
        raise NotAllowed(f"{row.id}: is cancelled here, and not there; announce it anew")
    stands = row.opens or row.provisional
    if stands != str(found.when) and not row.closed:
        if not row.opens:
            steps.append(Planned(Change.DATED, row.id, found, stands))
        elif isinstance(found.when, Provisional):
            raise NotAllowed(
                f"{row.id}: is confirmed here for {stands}, and provisional there for {found.when}"
            )
        elif not _is_asked(row.id, found.when):
            steps.append(Planned(Change.MOVED, row.id, found, stands))
    if row.title != found.title and row.manifest is None and not row.closed:
        steps.append(Planned(Change.RENAMED, row.id, found, row.title))
    return steps


def _is_asked(release: str, when: WallTime) -> bool:
    asked = move_asked(facts_of(release, kinds=[Kind.MOVE_ASKED, *_ANSWERS]))
    return asked is not None and asked.details["opens"] == str(when)


_ANSWERS = (Kind.RESCHEDULED, Kind.MOVE_REFUSED, Kind.CANCELLED)


def _last(when: WallTime | Provisional) -> date:
    return when.last if isinstance(when, Provisional) else when.local.date()


def _is_off(planned: Planned) -> bool:
    return planned.found.is_cancelled


@dataclass
class _Judging:
    """The rules by which these are judged, of each series read once."""

    rules: dict[str, tuple[Promises, DaysOff]] = field(default_factory=dict)
    together: Counter[Instant] = field(init=False)
    """How many are promised for an instant."""

    def __post_init__(self) -> None:
        dates = Release.objects.filter(closed=False, replaces="").exclude(opens="")
        self.together = Counter(
            WallTime.parse(opens).resolve() for opens in dates.values_list("opens", flat=True)
        )

    def new(self, planned: Planned, now: Instant) -> New:
        """The fact of this promise. Raises NotAllowed, or a TimeError."""
        release, when, series = planned.release, planned.found.when, planned.series
        rules, off = self._rules_of(series)
        today = at_local(now, rules.usual.zone).date()
        told: dict[str, object] = {"series": series} if series else {}
        said_by = planned.found.source.partition(" ")[0]
        if isinstance(when, Provisional):
            found = judge_provisional(when, rules.usual, today)
            told |= {"promised": str(when), "warned": weighed(release, found)}
            return New(release, Kind.PROVISIONAL, now, details=told, said_by=said_by)
        instant = when.resolve()
        known = Circumstances(today, off, rules.leave, self.together[instant], binding=False)
        warned = weighed(release, judge(when, rules.usual, known))
        self.together[instant] += 1
        told |= dated(when, instant, rules) | {"warned": warned}
        return New(release, Kind.ANNOUNCED, now, details=told, said_by=said_by)

    def _rules_of(self, series: str) -> tuple[Promises, DaysOff]:
        if series not in self.rules:
            rules = rules_of(series)
            self.rules[series] = rules, days_off(rules.places, rules.closures)
        return self.rules[series]


def _announce(planned: Sequence[Planned], judging: _Judging, by: str) -> list[Planned | Odd]:
    """All that can be, in one transaction; what somebody else took up meanwhile is left."""
    now = setup().clock().now()
    said: list[Planned | Odd] = []
    with transaction.atomic():
        lock([CALENDAR, *(one.release for one in planned)])
        ours = [one.release for one in planned]
        taken = set(Release.objects.filter(id__in=ours).values_list("id", flat=True))
        rows, news = [], []
        for one in planned:
            if one.release in taken:
                continue
            try:
                role_in(one.series, by)
                news.append(judging.new(one, now))
            except NinethirtyError as wrong:
                said.append(Odd(one.found.source, str(wrong)))
                continue
            rows.append(_row(one, news[-1]))
            said.append(one)
        if news:
            Release.objects.bulk_create(rows)
            append_all(news, actor=by, recorded=now)
    return said


def _row(planned: Planned, fact: New) -> Release:
    """As its fact has it, so that nothing is left to settle."""
    found = planned.found
    path = f"/{planned.release}"
    return Release(
        id=planned.release,
        title=found.title,
        series=planned.series,
        summary=found.summary,
        opens=fact.details.get("opens", ""),
        provisional=fact.details.get("promised", ""),
        leave=fact.details.get("leave", ""),
        stage=Stage.ANNOUNCED if fact.kind is Kind.ANNOUNCED else Stage.PROVISIONAL,
        path=path,
        announced=found.address or f"{setup().site}{path}",
        source=found.source,
        source_version=found.version,
    )


def _do(planned: Planned, by: str, role: Role) -> None:
    found, release = planned.found, planned.release
    reason = found.reason or _WITHOUT_REASON
    match planned.change:
        case Change.DATED:
            set_date(release, found.when, by=by, reason=found.reason, binding=False)
        case Change.MOVED:
            assert isinstance(found.when, WallTime), "the plan moves exact dates alone"
            move(release, found.when, by=by, reason=reason, binding=False)
        case Change.CANCELLED:
            if role is not Role.HEAD_OF_PROFESSION:
                raise NotAllowed(
                    f"{release}: is cancelled there; here it takes a {Role.HEAD_OF_PROFESSION}"
                )
            take_back_if_armed(release, by=by, reason=reason)
            cancel(release, by=by, reason=reason)
        case Change.RENAMED:
            _rename(release, found.title, by)
        case Change.NEW:
            raise AssertionError("new ones are recorded together")
    Release.objects.filter(id=release).update(source_version=found.version)


@transaction.atomic
def _rename(release: str, title: str, by: str) -> None:
    """Before its files are handed in; the title is part of what is approved then."""
    lock([release])
    if Release.objects.filter(id=release, manifest__isnull=True).update(title=title):
        note(release, Kind.RENAMED, by)
