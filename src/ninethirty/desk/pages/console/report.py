"""Breach reports on their way: what is due, what each rests on, and what may be done with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.breach import REPORT_FIELDS, Field, Gap, Planned, Report, Said, gaps, said_in
from ninethirty.core.edits import By
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.report import Stage
from ninethirty.core.targets import Target
from ninethirty.core.times import at_local
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.actions.reports.answer import accept_report, return_report
from ninethirty.desk.actions.reports.enter import edits_of
from ninethirty.desk.actions.reports.hear import ask_body
from ninethirty.desk.actions.reports.publish import publish_report
from ninethirty.desk.actions.reports.remind import targets_of
from ninethirty.desk.actions.reports.review import ask_review, comment
from ninethirty.desk.actions.reports.show import TYPES, marked
from ninethirty.desk.actions.reports.sign import set_aside, sign_report
from ninethirty.desk.actions.reports.state import publish_statement
from ninethirty.desk.actions.reports.submit import submit_report
from ninethirty.desk.actions.reports.write import write_report
from ninethirty.desk.pages.console.act import ACTORS, Act
from ninethirty.desk.pages.console.frame import page, words
from ninethirty.desk.pages.console.report_form import FORMS, check, may
from ninethirty.desk.pages.console.room import names_of
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.pages.console.who import breaches_of
from ninethirty.desk.papers.marks import cells_of
from ninethirty.desk.papers.write import FORMATS, write
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, CorrectiveAction, Message
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.setup import setup

SHOWN = 100
"""In the list; the newest."""

_OVER = (Stage.PUBLISHED, Stage.SET_ASIDE, Stage.ACCEPTED)

ACTS: dict[Kind, Act] = {
    Kind.REVIEW_ASKED: Act(
        gettext_lazy("Ask for a review"),
        gettext_lazy("Others are to read this version and comment on it before it is signed."),
        gettext_lazy("Ask for a review"),
        lambda reference, by, _text: ask_review(reference, by=by),
    ),
    Kind.COMMENTED: Act(
        gettext_lazy("Comment"),
        gettext_lazy("It is kept with this version. A report is signed only after a second person "
                     "has commented, if only that it is right."),
        gettext_lazy("Keep the comment"),
        lambda reference, by, text: comment(reference, text, by=by),
        asks=gettext_lazy("Your comment"),
    ),
    Kind.REPORT_SIGNED: Act(
        gettext_lazy("Sign the report"),
        gettext_lazy("You sign this version, by its digest; another version needs another "
                     "signature. Nothing is sent by it."),
        gettext_lazy("Sign this version"),
        lambda reference, by, _text: sign_report(reference, by=by),
        warns=True,
    ),
    Kind.STATEMENT_PUBLISHED: Act(
        gettext_lazy("Publish a statement"),
        gettext_lazy("It is public at once, on a page of its own. Another text takes its place."),
        gettext_lazy("Publish it now"),
        lambda reference, by, text: publish_statement(reference, text, by=by),
        asks=gettext_lazy("What happened, and what users can do"),
        warns=True,
    ),
    Kind.REPORT_SUBMITTED: Act(
        gettext_lazy("Submit the report"),
        gettext_lazy("The signed version goes to the next body at once, with its papers."),
        gettext_lazy("Submit it now"),
        lambda reference, by, _text: submit_report(reference, by=by),
        warns=True,
    ),
    Kind.REPORT_PUBLISHED: Act(
        gettext_lazy("Publish the report"),
        gettext_lazy("It is in the public register at once, without people's names."),
        gettext_lazy("Publish it now"),
        lambda reference, by, _text: publish_report(reference, by=by),
        warns=True,
    ),
    Kind.REPORT_RETURNED: Act(
        gettext_lazy("Return it with questions"),
        gettext_lazy("The producer is asked, and sends another version."),
        gettext_lazy("Return it"),
        lambda reference, by, text: return_report(reference, text, by=by),
        asks=gettext_lazy("Your questions"),
    ),
    Kind.REPORT_ACCEPTED: Act(
        gettext_lazy("Accept the report"),
        gettext_lazy("The producer is told that it is accepted."),
        gettext_lazy("Accept it"),
        lambda reference, by, text: accept_report(reference, by=by, text=text),
    ),
    Kind.SET_ASIDE: Act(
        gettext_lazy("Set it aside"),
        gettext_lazy("It is recorded as not a breach, with your reason, and goes no further."),
        gettext_lazy("Set it aside"),
        lambda reference, by, text: set_aside(reference, text, by=by),
        asks=gettext_lazy("Why is it not a breach?"),
        warns=True,
    ),
}  # fmt: skip
"""By the fact that comes of it; whether somebody may is asked of `core.report`."""


@dataclass(frozen=True)
class Row:
    breach: Breach
    targets: list[Target]


@dataclass(frozen=True)
class Section:
    name: str
    fields: Sequence[Field]

    @property
    def title(self) -> str:
        return self.name.replace("_", " ")

    @property
    def has_gap(self) -> bool:
        return any(isinstance(one, Gap) for one in self.fields)


@console()
def reports(request: Asked) -> HttpResponse:
    """The newest of each stage, with our own targets for what is not over."""
    now = setup().clock().now()
    found: dict[str, list[Row]] = {}
    for breach in breaches_of(request.person).order_by("-id")[:SHOWN]:
        due = [] if breach.stage in _OVER or breach.sender else targets_of(breach)
        found.setdefault(breach.stage, []).append(Row(breach, due))
    order = [*map(str, Stage)]
    stages = sorted(found.items(), key=lambda one: order.index(one[0]))
    enters = may(request, Kind.BREACH_OPENED, [])
    return page(request, "reports.html", _("Reports"), stages=stages, now=now, enters=enters)


@console()
def report(request: Asked, reference: str) -> HttpResponse:
    breach = get_object_or_404(breaches_of(request.person), reference=reference)
    told, facts = report_of(breach), facts_of(subject_of(reference))
    now = setup().clock().now()
    names = names_of({fact.actor for fact in facts})
    texts = dict(Message.objects.filter(subject=subject_of(reference)).values_list("id", "text"))
    history = [
        (fact, words(fact), names.get(fact.actor, fact.actor),
         texts.get(fact.details.get("message", 0), ""))
        for fact in reversed(facts)
    ]  # fmt: skip
    return page(
        request,
        "report.html",
        _("Breach report"),
        breach=breach,
        sections=[Section(name, list(said_in(told, name))) for name in REPORT_FIELDS],
        gaps=len(gaps(told)),
        edited=edits_of(breach),
        targets=targets_of(breach),
        now=now,
        history=history,
        acts=[(kind, act) for kind, act in ACTS.items() if may(request, kind, facts)],
        forms=[
            (name, form) for name, form in FORMS.items() if form.allowed(request, breach, facts)
        ],
        actions=CorrectiveAction.objects.filter(breach=breach).order_by("n"),
        today=at_local(now, setup().promises.usual.zone).date(),
        edits=may(request, Kind.REPORT_WRITTEN, facts),
        asks=breach.stage == Stage.SUBMITTED and not breach.sender and request.role in ACTORS,
        formats=FORMATS,
    )


@console()
def beside(request: Asked, reference: str) -> HttpResponse:
    """The report, and beside it what the facts alone would say."""
    breach = get_object_or_404(breaches_of(request.person), reference=reference)
    changed = [
        (one, one.name.replace("_", " "), _worded(one.draft), _worded(one.stands))
        for one in edits_of(breach)
    ]
    title = _("The report beside its draft")
    return page(request, "report_beside.html", title, breach=breach, changed=changed, by=By)


def _worded(values: Iterable[Any]) -> list[str]:
    """Of fields, actions that are planned, or moments."""
    return [_words(one) for one in values]


def _words(one: Any) -> str:
    match one:
        case Said():
            return one.value
        case Gap():
            return _("To be filled in: {what}").format(what=one.asks)
        case Planned():
            return ", ".join(_worded((one.what, one.owner, one.due)))
        case _:
            return " ".join(cell.text for cell in cells_of(one)[:2])


@console()
def paper(request: Asked, reference: str, form: str) -> HttpResponse:
    """The newest version, to be kept as a file."""
    breach = get_object_or_404(breaches_of(request.person), reference=reference)
    if form not in FORMATS:
        raise Http404
    name = f"{reference}-{breach.version}.{form}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    told = marked(breach, report_of(breach))
    data = write(told, form, drill=setup().drill is not None)
    return HttpResponse(data, content_type=TYPES.get(form, "text/plain"), headers=disposition)


@console()
def act(request: Asked, reference: str, name: str) -> HttpResponse:
    breach = get_object_or_404(breaches_of(request.person), reference=reference)
    kind = next((kind for kind in ACTS if kind == name), None)
    if kind is None:
        raise Http404
    asked = ACTS[kind]
    if request.method == "GET":
        check(request, kind, facts_of(subject_of(reference)))
    text = request.POST.get("text", "")
    with said() as wrong:
        if request.method == "POST":
            asked.do(reference, request.person.id, text)
            messages.success(request, _("Done: {what}").format(what=asked.title))
            return redirect("report", reference)
    back = reverse("report", args=[reference])
    told: dict[str, Any] = {"about": breach.title, "back": back, "act": asked, "text": text}
    return page(request, "act.html", str(asked.title), wrong=wrong, **told)


@console(*ACTORS)
def ask(request: Asked, reference: str) -> HttpResponse:
    """What does the body say that has it?"""
    get_object_or_404(breaches_of(request.person), reference=reference)
    if request.method == "POST":
        heard = ask_body(reference)
        told = ", ".join(_(fact.kind.says) for fact in heard) or _("It has not answered yet.")
        messages.success(request, told)
    return redirect("report", reference)


@console(*ACTORS)
def edit(request: Asked, reference: str, name: str) -> HttpResponse:
    """One entry, a sentence to a line. What is left as it was keeps the facts it rests on."""
    breach = get_object_or_404(breaches_of(request.person), reference=reference)
    if name not in REPORT_FIELDS:
        raise Http404
    if request.method == "GET":
        check(request, Kind.REPORT_WRITTEN, facts_of(subject_of(reference)))
    now = report_of(breach)
    text = "\n".join(one.value for one in said_in(now, name) if isinstance(one, Said))
    typed, reason = request.POST.get("text", text), request.POST.get("reason", "")
    version = request.POST.get("version", str(breach.version))
    with said() as wrong:
        if request.method == "POST":
            if version != str(breach.version):
                raise NotAllowed(_("Somebody wrote another version meanwhile; look at it first."))
            changed = _edited(now, name, typed)
            write_report(reference, changed, reason=reason, by=request.person.id)
            messages.success(request, _("Another version is written."))
            return redirect("report", reference)
    return page(
        request,
        "report_edit.html",
        _("Edit the report"),
        wrong=wrong,
        breach=breach,
        name=name,
        asks=[one.asks for one in said_in(now, name) if isinstance(one, Gap)],
        text=typed,
        reason=reason,
    )


def _edited(report: Report, name: str, text: str) -> Report:
    """Raises NotAllowed: nothing is left, or several lines where one belongs."""
    there = {one.value: one for one in said_in(report, name) if isinstance(one, Said)}
    lines = [one.strip() for one in text.splitlines() if one.strip()]
    fields = tuple(there.get(one, Said(one)) for one in lines)
    several = isinstance(getattr(report, name), tuple)
    if not fields or (not several and len(fields) > 1):
        raise NotAllowed(_("Write one line.") if not several else _("Write at least one line."))
    value: Any = fields if several else fields[0]
    return replace(report, **{name: value})


urls = [
    path("reports", reports, name="reports"),
    path("reports/<slug:reference>", report, name="report"),
    path("reports/<slug:reference>/report.<slug:form>", paper, name="report-paper"),
    path("reports/<slug:reference>/do/<slug:name>", act, name="report-act"),
    path("reports/<slug:reference>/beside", beside, name="report-beside"),
    path("reports/<slug:reference>/ask", ask, name="report-ask"),
    path("reports/<slug:reference>/edit/<slug:name>", edit, name="report-edit"),
]
