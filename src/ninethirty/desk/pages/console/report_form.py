"""What is done to a report with more than a word: advice, what a body said, corrective actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.report import Advice, Stage, check_may
from ninethirty.core.submission import Answer, Says
from ninethirty.desk.actions.reports.act import version_of
from ninethirty.desk.actions.reports.answer import advise
from ninethirty.desk.actions.reports.hear import enter_answer
from ninethirty.desk.actions.reports.plan import finish_action, plan_action
from ninethirty.desk.pages.console.entry import Entry, day_in, moment_in
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import breaches_of
from ninethirty.desk.record.models import Breach, CorrectiveAction
from ninethirty.desk.setup import setup

Typed = Mapping[str, str]

_ENTER = (Role.HEAD_OF_PROFESSION, Role.PUBLISHING_OFFICER)
_ADVICE = (
    (str(Advice.IS), gettext_lazy("It is a breach")),
    (str(Advice.IS_NOT), gettext_lazy("It is not a breach")),
)


def may(request: Asked, kind: Kind, facts: Sequence[Fact]) -> bool:
    """Whether `core.report` lets this person do it now."""
    try:
        check(request, kind, facts)
    except NotAllowed:
        return False
    return True


def check(request: Asked, kind: Kind, facts: Sequence[Fact]) -> None:
    """Raises NotAllowed."""
    check_may(kind, request.role, request.person.id, facts, reviewed=setup().reports.reviewed)


def open_actions(breach: Breach) -> list[CorrectiveAction]:
    return list(CorrectiveAction.objects.filter(breach=breach, done=None).order_by("n"))


def _advise(breach: Breach, typed: Typed, by: str) -> None:
    if typed.get("advice") not in list(Advice):
        raise NotAllowed(_("Say whether it is a breach or not."))
    advise(breach.reference, Advice(typed["advice"]), typed.get("text", ""), by=by)


def _hear(breach: Breach, typed: Typed, by: str) -> None:
    if typed.get("says") not in list(Says):
        raise NotAllowed(_("Say what the body said."))
    says = Says(typed["says"])
    version, at = version_of(breach), moment_in(typed.get("at", ""))
    advice = typed.get("advice", "") if says is Says.ADVISED else ""
    told = Answer(
        breach.reference, version.n, version.digest, says, at, advice, typed.get("text", "")
    )
    enter_answer(told, by=by)


def _plan(breach: Breach, typed: Typed, by: str) -> None:
    what, owner, due = typed.get("what", ""), typed.get("owner", ""), typed.get("due", "")
    plan_action(breach.reference, what, owner=owner, due=day_in(due), by=by)


def _finish(breach: Breach, typed: Typed, by: str) -> None:
    chosen = [one.n for one in open_actions(breach) if str(one.n) == typed.get("action")]
    if not chosen:
        raise NotAllowed(_("Choose the action that is done; it may have been closed meanwhile."))
    finish_action(breach.reference, chosen[0], typed.get("evidence", ""), by=by)


def _is_with_a_body(request: Asked, breach: Breach, _facts: Sequence[Fact]) -> bool:
    ours = breach.stage == Stage.SUBMITTED and not breach.sender
    return ours and request.role in _ENTER


@dataclass(frozen=True)
class Form:
    """happens: what it does, read before it is done. allowed: whether it is offered."""

    title: Any
    happens: Any
    button: Any
    does: Callable[[Breach, Typed, str], None]
    allowed: Callable[[Asked, Breach, Sequence[Fact]], bool]
    entries: Callable[[Breach], tuple[Entry, ...]]


FORMS: dict[str, Form] = {
    "advise": Form(
        gettext_lazy("Advise on it"),
        gettext_lazy("The producer is told, under our signature, and it can go on its way."),
        gettext_lazy("Give this advice"),
        _advise,
        lambda request, _breach, facts: may(request, Kind.REPORT_ADVISED, facts),
        lambda _breach: (
            Entry("advice", gettext_lazy("Is it a breach?"), options=_ADVICE),
            Entry("text", gettext_lazy("Why"), long=True),
        ),
    ),
    "hear": Form(
        gettext_lazy("Enter what the body said"),
        gettext_lazy("For what came by mail or telephone. It is kept as their word, entered by "
                     "you."),
        gettext_lazy("Enter it"),
        _hear,
        _is_with_a_body,
        lambda _breach: (
            Entry("says", gettext_lazy("What they said"), options=(
                ("received", gettext_lazy("They have it")),
                ("advised", gettext_lazy("Their advice")),
                ("returned", gettext_lazy("They have questions")),
                ("accepted", gettext_lazy("They accept it")),
            )),
            Entry("advice", gettext_lazy("Their advice, if that is what it was"),
                  options=(("", gettext_lazy("None")), *_ADVICE)),
            Entry("text", gettext_lazy("Their words"), long=True),
            Entry("at", gettext_lazy("When they said so"),
                  gettext_lazy("By our clocks, for example 2026-12-01 14:30; empty for now")),
        ),
    ),
    "plan": Form(
        gettext_lazy("Plan a corrective action"),
        gettext_lazy("It is asked for by its day until it is done, and the next draft tells it."),
        gettext_lazy("Plan it"),
        _plan,
        lambda request, _breach, facts: may(request, Kind.ACTION_PLANNED, facts),
        lambda _breach: (
            Entry("what", gettext_lazy("What will be done"), long=True),
            Entry("owner", gettext_lazy("By whom"), gettext_lazy("A role, not a name")),
            Entry("due", gettext_lazy("By which day"), gettext_lazy("For example, 2027-01-15")),
        ),
    ),
    "done": Form(
        gettext_lazy("Close a corrective action"),
        gettext_lazy("It is kept as done today, with what shows it."),
        gettext_lazy("It is done"),
        _finish,
        lambda request, breach, facts: bool(
            open_actions(breach) and may(request, Kind.ACTION_DONE, facts)
        ),
        lambda breach: (
            Entry("action", gettext_lazy("Which"), options=tuple(
                (str(one.n), f"{one.n}. {one.what}"[:120]) for one in open_actions(breach)
            )),
            Entry("evidence", gettext_lazy("What shows that it is done"),
                  gettext_lazy("A sentence, or where it can be seen"), long=True),
        ),
    ),
}  # fmt: skip


@console()
def fill(request: Asked, reference: str, name: str) -> HttpResponse:
    breach = get_object_or_404(breaches_of(request.person), reference=reference)
    if name not in FORMS:
        raise Http404
    form, typed = FORMS[name], request.POST.dict()
    with said() as wrong:
        if request.method == "POST":
            form.does(breach, {key: str(value) for key, value in typed.items()}, request.person.id)
            messages.success(request, _("Done: {what}").format(what=form.title))
            return redirect("report", reference)
    return page(
        request,
        "entries.html",
        str(form.title),
        wrong=wrong,
        about=breach.title,
        happens=form.happens,
        button=form.button,
        entries=form.entries(breach),
        typed=typed,
        back=reverse("report", args=[reference]),
    )


urls = [path("reports/<slug:reference>/fill/<slug:name>", fill, name="report-fill")]
