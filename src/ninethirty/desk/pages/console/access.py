"""Who sees a release early: the list, the log of who did, and what to do when it went astray."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from ninethirty.core.access import LAWS, MAY, Tier, Window, check_may, refusal
from ninethirty.core.errors import Malformed, TimeError
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.guard import Trust
from ninethirty.core.release import MOVING, Role, Stage, stage
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.access.act import (
    ceiling_of,
    standing_entries,
    standing_of,
    subject_of,
    window_of,
)
from ninethirty.desk.actions.access.confirm import confirm_list, last_change, remarks_on
from ninethirty.desk.actions.access.enter import (
    For,
    Who,
    add_entry,
    begin_list,
    change_entry,
    change_job,
    repeat_list,
    revoke,
)
from ninethirty.desk.actions.access.link import invite, link_for
from ninethirty.desk.actions.access.slip import Follows, Recalled, Slip, decide, note_slip
from ninethirty.desk.pages.console.frame import page, words
from ninethirty.desk.pages.console.release import release_for
from ninethirty.desk.pages.console.room import names_of
from ninethirty.desk.pages.console.view import Asked, Wrong, console, said
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import AccessEntry, AccessList, Message, Reader, Release
from ninethirty.desk.setup import setup

SHOWN = 200
"""Of the log; the newest."""

_MADE = (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED)
"""What those who work on a release do, who could see it by that."""

_OVER = (Stage.PUBLIC, Stage.WITNESSED, Stage.CLOSED, Stage.REPLACED, Stage.CANCELLED)
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Row:
    """says: why it shows nothing now; empty: it does."""

    entry: AccessEntry
    window: Window
    confirmed: bool
    says: str
    remarks: list[str]
    reason: str


@dataclass(frozen=True)
class Decided:
    """next: what people do now, and by which act of the release's page, if by one."""

    follows: str
    by: str
    fact: Fact
    next: str
    act: str = ""


@dataclass(frozen=True)
class Line:
    fact: Fact
    words: str
    by: str
    what: str


@console()
def access(request: Asked, release: str) -> HttpResponseBase:
    return _shown(request, release_for(request, release))


@console()
def act(request: Asked, release: str, verb: str) -> HttpResponseBase:
    row = release_for(request, release)
    if verb not in ACTS:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kind, do = ACTS[verb]
    check_may(kind, request.role, request.person.id)
    with said() as wrong:
        told = do(row.id, request.POST, request.person.id)
        messages.success(request, told)
        if verb == "decide" and request.POST["follows"] == Follows.NOW:
            return redirect("other-date", row.id)
        return redirect("access", row.id)
    return _shown(request, row, wrong)


@console()
def slip(request: Asked, release: str) -> HttpResponseBase:
    """It went to the wrong person: what is known in the first minutes."""
    row = release_for(request, release)
    check_may(Kind.SLIPPED, request.role, request.person.id)
    with said() as wrong:
        if request.method == "POST":
            reference = note_slip(row.id, _slip(row, request.POST), by=request.person.id)
            told = _("Recorded. The report {reference} was opened for it.")
            messages.success(request, told.format(reference=reference))
            return redirect("access", row.id)
    return page(
        request,
        "access_slip.html",
        _("Sent to the wrong person"),
        wrong=wrong,
        release=row,
        typed=request.POST,
        recalled=list(Recalled),
        zone=_zone(row),
    )


def _shown(request: Asked, row: Release, wrong: Wrong | None = None) -> HttpResponseBase:
    facts = facts_of(subject_of(row.id))
    listed = AccessList.objects.filter(release=row.id).first()
    entries = _rows(row) if listed and row.opens else []
    slipped = [fact for fact in facts if fact.kind is Kind.SLIPPED]
    return page(
        request,
        "access.html",
        _("Before release"),
        wrong=wrong,
        release=row,
        zone=_zone(row),
        laws=[(name, _(law.name)) for name, law in LAWS.items()],
        listed=listed,
        law=_(LAWS[listed.law].name) if listed else "",
        ceiling=ceiling_of(row) if listed and row.opens else None,
        entries=entries,
        waiting=[one for one in entries if not one.confirmed],
        earlier=_earlier(row),
        read=last_change(row.id),
        tiers=list(Tier),
        log=_log(facts)[::-1][:SHOWN],
        made=_log(facts_of(row.id, kinds=_MADE)),
        slipped=slipped,
        follows=list(Follows),
        decided=_decided(row, facts),
        decides=request.role is Role.HEAD_OF_PROFESSION,
        keeps=request.role in MAY[Kind.ACCESS_ADDED],
        confirms=request.role in MAY[Kind.ACCESS_CONFIRMED],
        revokes=request.role in MAY[Kind.ACCESS_REVOKED],
        tells=request.role in MAY[Kind.SLIPPED],
        typed=request.POST,
    )


def _decided(row: Release, facts: list[Fact]) -> Decided | None:
    """What was decided last, after something had slipped."""
    fact = next((one for one in reversed(facts) if one.kind is Kind.SLIP_DECIDED), None)
    if fact is None:
        return None
    by = names_of({fact.actor}).get(fact.actor, fact.actor)
    follows = Follows(fact.details["follows"])
    return Decided(follows, by, fact, *_next(row, follows, fact))


def _next(row: Release, follows: Follows, decided: Fact) -> tuple[str, str]:
    """Said to people, and the act that it leads to, if to one."""
    moves = facts_of(row.id, kinds=MOVING)
    reached = stage(moves)
    if reached in _OVER:
        return _("It is {stage} by now.").format(stage=_(reached)), ""
    match follows:
        case Follows.NOW:
            since = [one for one in moves if one.recorded >= decided.recorded]
            if any(one.kind is Kind.RESCHEDULED for one in since):
                says = _("Its date is moved to {opens}: it is sealed, approved and armed for that.")
                return says.format(opens=row.opens), ""
            says = _(
                "The head of profession moves its date, to the next minutes where there is leave "
                "for that time; then it is sealed, approved and armed for it."
            )
            return says, "move"
        case Follows.HOLD if reached is Stage.ARMED:
            return _("It was armed since, and opens at its time, unless it is held again."), "hold"
        case Follows.HOLD:
            return _("No gate opens it. Do not arm it."), ""
        case Follows.AS_PROMISED if reached is Stage.HELD:
            return _("It is held. A publishing officer or an operator arms it again."), "arm"
        case Follows.AS_PROMISED:
            return _("Its time stands; go on as before."), ""


def _rows(row: Release) -> list[Row]:
    now = setup().clock().now()
    found = []
    for entry in standing_entries(row.id):
        why = refusal(standing_of(entry, row), now, Trust.UNCHECKED)
        told = Message.objects.filter(id=entry.reason).first() if entry.reason else None
        found.append(
            Row(
                entry,
                window_of(entry, row),
                entry.confirmed == row.opens,
                why.says if why else "",
                remarks_on(entry, row),
                told.text if told else "",
            )
        )
    return found


def _log(facts: list[Fact]) -> list[Line]:
    """Who did what, by the names that are still kept."""
    people = names_of({fact.actor for fact in facts})
    ids = {one for fact in facts if (one := _reader_in(fact))}
    readers = dict(Reader.objects.filter(id__in=ids).values_list("id", "name"))

    def name(fact: Fact) -> str:
        if fact.actor.startswith("reader-"):
            return readers.get(_reader_in(fact), "") or fact.actor
        return people.get(fact.actor, fact.actor)

    return [Line(fact, words(fact), name(fact), _what(fact, readers)) for fact in facts]


def _reader_in(fact: Fact) -> int:
    told = fact.actor.removeprefix("reader-")
    return int(told) if told.isdecimal() else int(fact.details.get("reader", 0))


def _what(fact: Fact, readers: Mapping[int, str]) -> str:
    details = fact.details
    told = [str(details["file"])] if "file" in details else []
    if "copy" in details:
        told.append(f"copy {details['copy']}")
    if "reader" in details:
        told.append(readers.get(details["reader"], "") or f"reader-{details['reader']}")
    if "follows" in details:
        told.append(str(details["follows"]))
    return ", ".join(told)


def _earlier(row: Release) -> list[Release]:
    """Of the same series, those that had a list."""
    if not row.series:
        return []
    had = AccessList.objects.exclude(release=row.id).values("release")
    found = Release.objects.filter(series=row.series, id__in=had).order_by("-opens")
    return list(found[:5])


def _zone(row: Release) -> str:
    return WallTime.parse(row.opens).zone if row.opens else setup().promises.usual.zone


Sent = QueryDict


def _begin(release: str, sent: Sent, by: str) -> str:
    begin_list(release, sent.get("law", ""), sensitive="sensitive" in sent, by=by)
    return _("The list is begun. Entries are confirmed anew.")


def _add(release: str, sent: Sent, by: str) -> str:
    who = Who(*(sent.get(name, "").strip() for name in ("name", "address", "job", "organisation")))
    add_entry(release, who, _for(sent), by=by)
    return _("Written. It shows nothing until the head of profession has confirmed it.")


def _change(release: str, sent: Sent, by: str) -> str:
    change_entry(release, _number(sent, "entry"), _for(sent), by=by)
    return _("Changed. It shows nothing until the head of profession has confirmed it.")


def _repeat(release: str, sent: Sent, by: str) -> str:
    made = repeat_list(release, sent.get("earlier", ""), by=by)
    return _("Written again: {count}. They are to be confirmed.").format(count=len(made))


def _confirm(release: str, sent: Sent, by: str) -> str:
    confirm_list(release, read=_number(sent, "read"), by=by)
    return _("Confirmed, for this release and its time. Its public page is sealed.")


def _revoke(release: str, sent: Sent, by: str) -> str:
    revoke(release, _number(sent, "entry"), by=by)
    return _("Taken back. What they have on a screen goes within seconds.")


def _invite(release: str, sent: Sent, by: str) -> str:
    invite(release, _number(sent, "entry"), by=by)
    return _("Their link is mailed. Any link before it is over.")


def _link(release: str, sent: Sent, by: str) -> str:
    return _("Give them this link, and any before it is over: {link}").format(
        link=link_for(release, _number(sent, "entry"), by=by)
    )


def _job(release: str, sent: Sent, by: str) -> str:
    job, organisation = (sent.get(name, "").strip() for name in ("job", "organisation"))
    ended = change_job(_number(sent, "reader"), job, organisation, by=by)
    return _("Changed; entries for the old job that ended by it: {count}.").format(count=len(ended))


def _decide(release: str, sent: Sent, by: str) -> str:
    try:
        follows = Follows(sent.get("follows", ""))
    except ValueError as wrong:
        raise Malformed(_("Choose what is to follow.")) from wrong
    decide(release, follows, sent.get("reason", ""), by=by)
    if follows is Follows.NOW:
        return _("Decided. Move its date; others then seal, approve and arm it.")
    return _("Decided and recorded.")


ACTS: Mapping[str, tuple[Kind, Callable[[str, Sent, str], str]]] = {
    "begin": (Kind.ACCESS_CHANGED, _begin),
    "add": (Kind.ACCESS_ADDED, _add),
    "change": (Kind.ACCESS_CHANGED, _change),
    "repeat": (Kind.ACCESS_ADDED, _repeat),
    "confirm": (Kind.ACCESS_CONFIRMED, _confirm),
    "revoke": (Kind.ACCESS_REVOKED, _revoke),
    "invite": (Kind.ACCESS_LINKED, _invite),
    "link": (Kind.ACCESS_LINKED, _link),
    "job": (Kind.ACCESS_EXPIRED, _job),
    "decide": (Kind.SLIP_DECIDED, _decide),
}
"""What it comes to, by which it is allowed; what is done; and that says what is told then."""


def _for(sent: Sent) -> For:
    try:
        tier = Tier(sent.get("tier", ""))  # type: ignore[call-arg]  # looked up by value alone
    except ValueError as wrong:
        raise Malformed(_("Choose by what right they see it.")) from wrong
    return For(
        sent.get("purpose", ""),
        _minutes(sent, "begins"),
        _minutes(sent, "ends"),
        tier,
        sent.get("reason", ""),
    )


def _minutes(sent: Sent, name: str) -> int:
    """Typed as hours, such as 24 or 0.5."""
    told = sent.get(name, "").strip() or "0"
    whole, point, rest = told.partition(".")
    if not (whole + rest).isdecimal() or len(told) > _MOST_DIGITS or (point and not rest):
        raise Malformed(_("Hours before release: expected a number such as 24 or 0.5."))
    return round(float(told) * 60)


def _number(sent: Sent, name: str) -> int:
    told = sent.get(name, "")
    return int(told) if told.isdecimal() and len(told) <= _MOST_DIGITS else -1


def _slip(row: Release, sent: Sent) -> Slip:
    try:
        recalled = Recalled(sent.get("recalled", ""))  # type: ignore[call-arg]
    except ValueError as wrong:
        raise Malformed(_("Choose whether it was got back.")) from wrong
    at = None
    day, clock = sent.get("day", "").strip(), sent.get("time", "").strip()
    if day or clock:
        at = _instant(f"{day} {clock} {_zone(row)}")
    texts: dict[str, Any] = {name: sent.get(name, "") for name in ("how", "to", "told")}
    return Slip(**texts, people=_number(sent, "people"), recalled=recalled, at=at)


def _instant(told: str) -> Instant:
    try:
        return WallTime.parse(told).resolve()
    except TimeError as wrong:
        raise Malformed(
            _("When it was sent: expected a day such as 2026-12-01 and a time such as 10:08.")
        ) from wrong


urls: list[URLPattern] = [
    path("releases/<path:release>/access/slip", slip, name="access-slip"),
    path("releases/<path:release>/access/<slug:verb>", act, name="access-act"),
    path("releases/<path:release>/access", access, name="access"),
]
