"""Who works here: an operator lets people in and out, and sees where they are signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from ninethirty.core.errors import NotAllowed
from ninethirty.core.release import OF_PEOPLE, Role
from ninethirty.core.times import Instant
from ninethirty.desk.actions import accounts
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.pages.console.act import Act
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.record.models import Account, Person, Producer, WorksFor
from ninethirty.desk.setup import setup

ACTS = {
    "reset": Act(
        gettext_lazy("Take away password and second factor"),
        gettext_lazy(
            "They are signed out everywhere at once, and older links of theirs are over. You get a "
            "link, good once and until tomorrow, to give to them and to nobody else."
        ),
        gettext_lazy("Take them away, and make a link"),
        lambda person, by, _text: accounts.reset(person, by=by),
        warns=True,
    ),
    "leave": Act(
        gettext_lazy("Somebody leaves"),
        gettext_lazy(
            "They are signed out at once and can sign in no more. What they did stays on record. "
            "Their id is never given again."
        ),
        gettext_lazy("They left"),
        lambda person, by, _text: accounts.leave(person, by=by),
        warns=True,
    ),
}


@dataclass(frozen=True)
class Row:
    """producers: their names."""

    person: Person
    producers: list[str]
    account: Account | None
    sessions: int


@console(Role.OPERATOR)
def people(request: Asked) -> HttpResponse:
    names = _producers()
    works: dict[str, list[str]] = {}
    for one in WorksFor.objects.order_by("producer"):
        works.setdefault(one.person_id, []).append(names.get(one.producer, one.producer))
    theirs = {one.person_id: one for one in Account.objects.all()}
    signed = list(UserSession.objects.values_list("user__person", flat=True))
    rows = [
        Row(one, works.get(one.id, [names[OWN]]), theirs.get(one.id), signed.count(one.id))
        for one in Person.objects.filter(left=None).order_by("name", "id")
    ]
    return page(request, "people.html", _("People"), rows=rows)


@console(Role.OPERATOR)
@never_cache
def new(request: Asked) -> HttpResponseBase:
    typed = request.POST or request.GET
    with said() as wrong:
        if request.method == "POST":
            account = accounts.add_person(
                typed.get("id", "").strip(),
                typed.get("name", "").strip(),
                _role(typed),
                by=request.person.id,
                producers=request.POST.getlist("producers"),
            )
            return _link(request, account)
    return page(
        request,
        "person_new.html",
        _("Let somebody in"),
        wrong=wrong,
        typed=typed,
        chosen=request.POST.getlist("producers"),
        roles=OF_PEOPLE,
        producers=_producers(),
    )


@console(Role.OPERATOR)
def person(request: Asked, person: str) -> HttpResponseBase:
    """What they are, and for whom they work, to be changed; and where they are signed in."""
    row = get_object_or_404(Person, id=person, left=None)
    named = list(WorksFor.objects.filter(person=row).values_list("producer", flat=True))
    role, chosen = row.role, named
    with said() as wrong:
        if request.method == "POST":
            role, chosen = request.POST.get("role", ""), request.POST.getlist("producers")
            accounts.change(row.id, _role(request.POST), chosen, by=request.person.id)
            messages.success(request, _("Changed; it holds from now on."))
            return redirect("person", row.id)
    account = Account.objects.filter(person=row).first()
    sessions = UserSession.objects.filter(user=account).order_by("-last_seen_at")
    return page(
        request,
        "person.html",
        _("Somebody who works here"),
        wrong=wrong,
        row=row,
        account=account,
        role=role,
        chosen=chosen,
        roles=OF_PEOPLE,
        producers=_producers(),
        sessions=[(one, Instant.of(one.last_seen_at)) for one in sessions] if account else [],
    )


@console(Role.OPERATOR)
@never_cache
def act(request: Asked, person: str, name: str) -> HttpResponseBase:
    row = get_object_or_404(Person, id=person, left=None)
    if name not in ACTS:
        raise Http404
    asked = ACTS[name]
    with said() as wrong:
        if request.method == "POST":
            done = asked.do(row.id, request.person.id, "")
            if isinstance(done, Account):
                return _link(request, done)
            messages.success(request, _("{id} cannot sign in any more.").format(id=row.id))
            return redirect("people")
    told: dict[str, Any] = {"about": f"{row.name}, {_(row.role)}", "act": asked, "text": ""}
    told["back"] = reverse("person", args=[row.id])
    return page(request, "act.html", str(asked.title), wrong=wrong, **told)


def _link(request: Asked, account: Account) -> HttpResponse:
    """Shown once, and never in an address."""
    link = accounts.link_of(account)
    return page(request, "person_link.html", _("Give them this link"), link=link, account=account)


def _role(typed: Mapping[str, str]) -> Role:
    """Raises NotAllowed."""
    try:
        return Role(typed.get("role", ""))
    except ValueError as unknown:
        raise NotAllowed(_("Say what they are: choose a role.")) from unknown


def _producers() -> dict[str, str]:
    """Id -> name; the desk's own first."""
    others = Producer.objects.order_by("name").values_list("id", "name")
    return {OWN: setup().producer, **dict(others)}


urls: list[URLPattern] = [
    path("people", people, name="people"),
    path("people/new", new, name="person-new"),
    path("people/<slug:person>", person, name="person"),
    path("people/<slug:person>/do/<slug:name>", act, name="person-act"),
]
