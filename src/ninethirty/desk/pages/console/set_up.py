"""Set-up: what desk.toml says, with its state and a test; and what the record keeps, by form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.announcement import ELSEWHERE, Leave, Rhythm
from ninethirty.core.errors import NinethirtyError, NotAllowed
from ninethirty.core.preflight import in_doubt
from ninethirty.core.release import Role
from ninethirty.desk.actions.add_producer import add_producer, record_leave
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.actions.check_ready import LATELY, gates_now
from ninethirty.desk.actions.on_call import on_call
from ninethirty.desk.actions.prove import prove, services
from ninethirty.desk.actions.prove_routes import prove_route
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.pages.console.act import ACTORS
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import producers_of
from ninethirty.desk.record.models import Person, Producer, Release, Series, SightingRow
from ninethirty.desk.service import Service
from ninethirty.desk.setup import Setup, setup

SEES = (*ACTORS, Role.AUDITOR)
TESTS = (Role.OPERATOR, Role.PUBLISHING_OFFICER, Role.HEAD_OF_PROFESSION)

_PAGER = "pagers."
_NO_ANSWER = gettext_lazy("has not answered yet")


class ProducerForm(forms.Form):
    id = forms.CharField(
        label=gettext_lazy("Id"),
        help_text=gettext_lazy("Small letters, digits and hyphens; a part of its address"),
    )
    name = forms.CharField(label=gettext_lazy("Name"))
    url = forms.CharField(label=gettext_lazy("Address of its own site"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("Whom readers may ask"), required=False)
    contact_email = forms.CharField(label=gettext_lazy("Their mail address"), required=False)
    contact_telephone = forms.CharField(label=gettext_lazy("Their telephone"), required=False)
    like = forms.ChoiceField(
        label=gettext_lazy("Releases as"),
        required=False,
        choices=[("", gettext_lazy("this desk does")), *((name, name) for name in ELSEWHERE)],
    )


class SeriesForm(forms.Form):
    id = forms.CharField(
        label=gettext_lazy("Id"),
        help_text=gettext_lazy("Small letters, digits and hyphens; a part of its address"),
    )
    title = forms.CharField(label=gettext_lazy("Title"))
    producer = forms.ChoiceField(label=gettext_lazy("Producer"))
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Comes out"),
        required=False,
        choices=[("", gettext_lazy("irregularly")), *((str(one), str(one)) for one in Rhythm)],
    )
    about = forms.CharField(label=gettext_lazy("What it is about"), required=False)
    status = forms.CharField(
        label=gettext_lazy("Status"), required=False, help_text=gettext_lazy("As you say it")
    )


class LeaveForm(forms.Form):
    producer = forms.ChoiceField(label=gettext_lazy("Producer"))
    reference = forms.CharField(label=gettext_lazy("Reference of the leave"))
    at = forms.TimeField(
        label=gettext_lazy("May release at"), help_text=gettext_lazy("For example, 07:00")
    )
    since = forms.DateField(
        label=gettext_lazy("From"), help_text=gettext_lazy("For example, 2027-01-01")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Empty: without end")
    )


def _add_producer(told: dict[str, Any], by: str) -> None:
    contact = {name: told[f"contact_{name}"] for name in ("name", "email", "telephone")}
    rules = {"like": told["like"]} if told["like"] else {}
    add_producer(told["id"], told["name"], by=by, url=told["url"], contact=contact, promises=rules)


def _add_series(told: dict[str, Any], by: str) -> None:
    rhythm = Rhythm(told["rhythm"]) if told["rhythm"] else None
    add_series(
        told["id"],
        told["title"],
        producer=told["producer"],
        by=by,
        rhythm=rhythm,
        about=told["about"],
        status=told["status"],
    )


def _record_leave(told: dict[str, Any], by: str) -> None:
    leave = Leave(told["reference"], told["at"], told["since"], told["until"])
    record_leave(told["producer"], leave, by=by)


@dataclass(frozen=True)
class _Adding:
    title: str | Promise
    form: type[forms.Form]
    do: Callable[[dict[str, Any], str], None]
    roles: tuple[Role, ...]


ADDING = {
    "producer": _Adding(
        gettext_lazy("Add a producer"), ProducerForm, _add_producer, (Role.HEAD_OF_PROFESSION,)
    ),
    "series": _Adding(
        gettext_lazy("Add a series"),
        SeriesForm,
        _add_series,
        (Role.HEAD_OF_PROFESSION, Role.STATISTICIAN),
    ),
    "leave": _Adding(
        gettext_lazy("Record a leave"), LeaveForm, _record_leave, (Role.HEAD_OF_PROFESSION,)
    ),
}


@console(*SEES)
def set_up(request: Asked) -> HttpResponse:
    told = setup()
    theirs = producers_of(request.person)
    now = told.clock().now()
    looked = _looked()
    return page(
        request,
        "set_up.html",
        _("Set-up"),
        setup=told,
        own=OWN in theirs,
        producers=Producer.objects.filter(id__in=theirs).order_by("name"),
        series=Series.objects.filter(producer__in=theirs).order_by("title", "id"),
        channels=[(name, _service(name, told)) for name in services()],
        pagers=[(f"{_PAGER}{place}", one) for place, one in enumerate(told.pagers)],
        witnesses=[(one, one.name in looked) for one in told.witnesses],
        gates=_gates(told),
        shifts=told.on_call,
        on_call=on_call(now),
        strangers=_strangers(told),
        now=now,
        adds={name: one.title for name, one in ADDING.items() if request.role in one.roles},
        tests=request.role in TESTS,
    )


def _service(name: str, told: Setup) -> Service:
    """Without what proves that we may use it."""
    return told.services.get(name, Service())


def _looked() -> set[str]:
    """Witnesses that have looked lately."""
    since = setup().clock().now() - LATELY
    still = Release.objects.filter(closed=False).values("id")
    rows = SightingRow.objects.filter(release__in=still, started__gte=since)
    return set(rows.values_list("document__witness", flat=True))


def _gates(told: Setup) -> list[tuple[str, str, bool]]:
    """Name, how it stands, and whether that is well."""
    now = gates_now()
    doubts = in_doubt(now)
    found = []
    for gate in told.gates:
        stands = now.stands.get(gate.name)
        doubt = next((one for one in doubts if f"gate {gate.name} " in one), "")
        if stands is None:
            says = str(_NO_ANSWER)
        elif stands != now.version:
            says = _("stands for version {n}, and {now} is in force").format(
                n=stands, now=now.version
            )
        else:
            says = doubt or _("stands for the schedule in force")
        found.append((gate.name, says, stands == now.version and not doubt))
    return found


def _strangers(told: Setup) -> set[str]:
    """On the rota, and not among those who work here."""
    wanted = {id for shift in told.on_call for id in (shift.who, shift.deputy)}
    here = Person.objects.filter(id__in=wanted, left=None).values_list("id", flat=True)
    return wanted - set(here)


@console(*TESTS)
def try_out(request: Asked) -> HttpResponseBase:
    """Of a service, whether it lets us in; of a pager, whether it takes a test message."""
    name = request.POST.get("what", "")
    if request.method == "POST":
        place = name.removeprefix(_PAGER)
        try:
            if place != name and place.isdecimal() and len(place) < len(_PAGER):
                prove_route(int(place), by=request.person.id)
                messages.success(request, _("{name} took a test message.").format(name=name))
            else:
                prove(name)
                messages.success(request, _("{name} lets us in.").format(name=name))
        except NinethirtyError as failed:
            messages.error(request, f"{name}: {failed}")
    return redirect("set-up")


@console(*SEES)
def add(request: Asked, kind: str) -> HttpResponseBase:
    if kind not in ADDING:
        raise Http404
    adding = ADDING[kind]
    if request.role not in adding.roles:
        roles = _(" or a ").join(_(role) for role in adding.roles)
        raise NotAllowed(
            _("This is not for a {role}; it takes a {roles}.").format(
                role=request.role, roles=roles
            )
        )
    form = adding.form(request.POST or None)
    if "producer" in form.fields:
        theirs = Producer.objects.filter(id__in=producers_of(request.person)).order_by("name")
        choice: Any = form.fields["producer"]
        choice.choices = list(theirs.values_list("id", "name"))
    with said() as wrong:
        if request.method == "POST" and form.is_valid():
            adding.do(form.cleaned_data, request.person.id)
            messages.success(request, _("Added."))
            return redirect("set-up")
    return page(
        request,
        "set_up_add.html",
        str(adding.title),
        400 if form.errors else 200,
        wrong=wrong,
        form=form,
        needs_producer="producer" in form.fields and not choice.choices,
    )


urls: list[URLPattern] = [
    path("set-up", set_up, name="set-up"),
    path("set-up/test", try_out, name="set-up-test"),
    path("set-up/add/<slug:kind>", add, name="set-up-add"),
]
