"""The incident room: what is wrong, who does what about it, and what a person can do now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from markupsafe import Markup

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import GO_AHEAD, Reach, Step, to_be_found
from ninethirty.core.times import Instant, Interval, WallTime, When, at_local
from ninethirty.desk.actions.acknowledge import acknowledge
from ninethirty.desk.actions.confirm import confirm, confirm_told
from ninethirty.desk.actions.hand_over import hand_over
from ninethirty.desk.actions.not_said import not_said
from ninethirty.desk.actions.note_enquiry import How, note_enquiry
from ninethirty.desk.actions.second import UPLOAD, agree, ask_second, asked_second
from ninethirty.desk.actions.veto import MAY as MAY_VETO
from ninethirty.desk.actions.veto import lift_veto, veto
from ninethirty.desk.pages.console.act import ACTORS, Act
from ninethirty.desk.pages.console.frame import page, words
from ninethirty.desk.pages.console.room import (
    SHOWN,
    Room,
    names_of,
    room_of,
    since_of,
    timeline,
)
from ninethirty.desk.pages.console.steps import plain
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import releases_of
from ninethirty.desk.papers import callers
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import FactRow, Head, Message, Release
from ninethirty.desk.record.rows import marks, read
from ninethirty.desk.runner.book import STEPS, WORDS
from ninethirty.desk.setup import setup

_MOST_DIGITS = 9

_DOUBT = (Kind.EARLY, Kind.LATE_PROVISIONAL, Kind.PARTIAL, Kind.WRONG, Kind.BLIND)


ACTS = {
    "acknowledge": Act(
        gettext_lazy("Say that you are at it"),
        gettext_lazy("For ten minutes from the last thing you do, nobody else is paged."),
        gettext_lazy("I am at it"),
        lambda release, by, _text: acknowledge(release, by=by),
    ),
    "veto": Act(
        gettext_lazy("Stop the public steps"),
        gettext_lazy(
            "From now on no notice to users is begun, on any channel, until somebody lets it go "
            "on. What users were told already stays. Witnesses, pages and the ticket go on."
        ),
        gettext_lazy("Stop the public steps now"),
        lambda release, by, text: veto(release, by=by, reason=text),
        MAY_VETO,
        gettext_lazy("Why?"),
        warns=True,
    ),
    "lift": Act(
        gettext_lazy("Let the public steps go on"),
        gettext_lazy("Every notice that still makes sense goes out at once, on every channel."),
        gettext_lazy("Let them go on now"),
        lambda release, by, text: lift_veto(release, by=by, reason=text),
        MAY_VETO,
        gettext_lazy("Why?"),
        warns=True,
    ),
    "hand-over": Act(
        gettext_lazy("Write a note for whoever takes over"),
        gettext_lazy("It stands in the room for everybody, and is kept with the incident."),
        gettext_lazy("Keep the note"),
        lambda release, by, text: hand_over(release, text, by=by),
        asks=gettext_lazy("What must the next person know?"),
    ),
    "telephone": Act(
        gettext_lazy("Note that somebody telephoned"),
        gettext_lazy(
            "It is noted with the time. If the release should be public by now, whoever is on call "
            "is paged. Write no names."
        ),
        gettext_lazy("Somebody telephoned"),
        lambda release, by, text: note_enquiry(release, How.TELEPHONE, text, by=by),
        asks=gettext_lazy("What did they say? It may stay empty."),
    ),
    "mail": Act(
        gettext_lazy("Note that somebody wrote"),
        gettext_lazy(
            "It is noted with the time. If the release should be public by now, whoever is on call "
            "is paged. Write no names."
        ),
        gettext_lazy("Somebody wrote"),
        lambda release, by, text: note_enquiry(release, How.MAIL, text, by=by),
        asks=gettext_lazy("What did they write? It may stay empty."),
    ),
}


@console()
def incidents(request: Asked) -> HttpResponse:
    """Releases that are in doubt and not over."""
    theirs = releases_of(request.person).filter(closed=False).defer("manifest", "order")
    doubted = FactRow.objects.filter(kind__in=list(map(str, _DOUBT))).values("subject")
    shown = {row.id: row for row in theirs.filter(id__in=doubted).order_by("-opens", "id")}
    told = _progress_of(shown)
    rows = [(row, callers.state(told[name])) for name, row in shown.items()]
    return page(request, "incidents.html", _("Incidents"), rows=rows)


@console()
def incident(request: Asked, release: str) -> HttpResponse:
    row = _theirs(request, release)
    room = room_of(row)
    return page(
        request,
        "incident.html",
        _("Incident"),
        room=room,
        standing=_status(request, room),
        lines=room.once(("lines", get_language()), lambda: _newest(room)),
    )


@console()
def live(request: Asked, release: str) -> HttpResponse:
    """What is newer than `?since=`: 204 if nothing is."""
    row = _theirs(request, release)
    since, now = request.GET.get("since", ""), setup().clock().now()
    head = Head.objects.filter(subject=row.id).values_list("n", flat=True).first() or 0
    if since_of(row, head, now) == since:
        return HttpResponse(status=204)
    after = since.partition(".")[0]
    if not after.isdecimal() or len(after) > _MOST_DIGITS:
        return HttpResponse(_("since: expected what the page was told"), status=400)
    room = room_of(row)
    new = room.once((after, get_language()), lambda: _after(room, int(after)))
    return HttpResponse(_status(request, room) + new)


@console()
def earlier(request: Asked, release: str, before: int) -> HttpResponse:
    row = _theirs(request, release)
    facts = timeline(row.id, before=before)
    return page(
        request,
        "incident_earlier.html",
        _("Earlier facts"),
        release=row,
        moment=moment,
        zone=WallTime.parse(row.opens).zone,
        lines=_lines(facts),
        older=facts[-1].n if len(facts) == SHOWN else 0,
    )


@console(*ACTORS)
def act(request: Asked, release: str, name: str) -> HttpResponse:
    """Asks again, with what will happen; and then does it."""
    row, asked = _theirs(request, release), ACTS.get(name)
    if asked is None:
        raise Http404
    if request.role not in asked.roles:
        sentence = _("This is not for a {role}; it takes a {roles}.")
        roles = _(" or a ").join(map(str, asked.roles))
        raise NotAllowed(sentence.format(role=request.role, roles=roles))
    text = request.POST.get("text", "")
    with said() as wrong:
        if request.method == "POST":
            asked.do(row.id, request.person.id, text)
            messages.success(request, _("Done: {what}").format(what=asked.title))
            return redirect("incident", row.id)
    back = reverse("incident", args=[row.id])
    told: dict[str, Any] = {"about": row.title, "back": back, "act": asked, "text": text}
    return page(request, "act.html", str(asked.title), wrong=wrong, **told)


@console(*ACTORS)
def step(request: Asked, release: str, name: str) -> HttpResponse:
    """A person says that a step is done; of a judgement, another then says that they agree."""
    row, what = _theirs(request, release), STEPS.get(name)
    if what is None or not (what.by_hand or what.reach is Reach.PUBLIC):
        raise Http404
    asked = asked_second(facts_of(row.id, kinds=[Kind.SECOND_ASKED]), what)
    agrees = asked is not None and asked.actor != request.person.id
    address = request.POST.get("address", "")
    with said() as wrong:
        if request.method == "POST":
            _do(row.id, what, request, agrees, address)
            if "not_said" in request.POST:
                done = _("Users were not told: {what}")
            elif agrees or not _judged(what):
                done = _("Done: {what}")
            else:
                done = _("Now a second person: {what}")
            messages.success(request, done.format(what=plain(what.name)))
            return redirect("incident", row.id)
    return page(
        request,
        "incident_step.html",
        _("Confirm a step"),
        wrong=wrong,
        release=row,
        step=what,
        name=plain(what.name),
        judged=_judged(what),
        agrees=agrees,
        asked=asked,
        asked_by=names_of([asked.actor]).get(asked.actor, asked.actor) if asked else "",
        link=Message.objects.get(id=asked.details["message"]).link
        if asked and "message" in asked.details
        else "",
        address=address,
        wants_address=what.name == UPLOAD and not agrees,
        word=WORDS.get(what.name),
        looked_for=what.name in WORDS and to_be_found(what, Progress(facts_of(row.id))),
        go_ahead=what.name == GO_AHEAD,
    )


def _do(release: str, what: Step, request: Asked, agrees: bool, address: str) -> None:
    by = request.person.id
    if "not_said" in request.POST:
        not_said(release, what, by=by)
    elif what.name in WORDS:
        confirm_told(release, what, WORDS[what.name], address, by=by)
    elif not _judged(what):
        confirm(release, what, by=by)
    elif agrees:
        asked = request.POST.get("asked", "")
        agree(release, what, by=by, asked=int(asked) if asked.isdecimal() else 0)
    else:
        ask_second(release, what, by=by, address=address)


def _judged(what: Step) -> bool:
    return what.reach is Reach.JUDGEMENT


def _theirs(request: Asked, release: str) -> Release:
    """One that is promised; another producer's is not there."""
    return get_object_or_404(releases_of(request.person).exclude(opens=""), id=release)


def _progress_of(releases: Collection[str]) -> dict[str, Progress]:
    """As far as the sentence on each rests on it, in one query."""
    told = {release: Progress() for release in releases}
    if told:
        kinds = list(map(str, callers.TELLING))
        source = f"facts f WHERE f.subject IN ({marks(told)}) AND f.kind IN ({marks(kinds)})"
        for fact, _end in read(f"{source} ORDER BY f.n", [*told, *kinds]):
            told[fact.subject].add(fact)
    return told


def _status(request: Asked, room: Room) -> Markup:
    """All but the timeline. No request is given to the template, so that nothing of one person's
    can stand in what the next is shown."""
    acts, may_veto = request.role in ACTORS, request.role in MAY_VETO
    told = {
        "room": room,
        "plain": plain,
        "moment": moment,
        "causes": callers.CAUSES,
        "acts": acts,
        "may_veto": may_veto,
    }
    return room.once(
        (acts, may_veto, get_language()), lambda: render_to_string("incident_status.html", told)
    )


def _newest(room: Room) -> str:
    """What is written meanwhile comes with the next look, and would else be there twice."""
    facts = timeline(room.release.id, before=room.facts + 1)
    older = facts[-1].n if len(facts) == SHOWN else 0
    return _timeline("incident_lines.html", room, facts, older=older)


def _after(room: Room, after: int) -> str:
    facts = timeline(room.release.id, after=after, before=room.facts + 1)
    return _timeline("incident_new.html", room, facts)


def _timeline(template: str, room: Room, facts: list[Fact], **told: Any) -> str:
    return render_to_string(
        template, {"room": room, "lines": _lines(facts), "moment": moment, **told}
    )


def moment(when: When, zone: str) -> Markup:
    """In the producer's zone, UTC on hover; of an interval both ends."""
    if not isinstance(when, Interval):
        return _clock(when, zone)
    by = _clock(when.by.rounded_up(), zone)
    if when.after is None:
        return Markup("{} {}").format(_("by"), by)
    return Markup("{} {} {}").format(_clock(when.after, zone), _("to"), by)


def _clock(instant: datetime, zone: str) -> Markup:
    at = Instant.of(instant)
    local = at_local(at, zone)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(
        at.text(), f"{at:%Y-%m-%d %H:%M:%S}", date_format(local, "j M, H:i:s")
    )


def _lines(facts: list[Fact]) -> list[dict[str, Any]]:
    names = names_of({fact.actor for fact in facts})
    return [
        {"fact": fact, "words": words(fact), "by": names.get(fact.actor, fact.actor)}
        for fact in facts
    ]


urls = [
    path("incidents", incidents, name="incidents"),
    path("incidents/<path:release>/live", live, name="incident-live"),
    path("incidents/<path:release>/before/<int:before>", earlier, name="incident-earlier"),
    path("incidents/<path:release>/do/<slug:name>", act, name="incident-act"),
    path("incidents/<path:release>/steps/<slug:name>", step, name="incident-step"),
    path("incidents/<path:release>", incident, name="incident"),
]
