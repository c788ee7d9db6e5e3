"""A breach that people enter: from a form somebody filled in, or by questions for its kind."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.breach import Report
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.practices import Breach as Kind
from ninethirty.core.times import at_local
from ninethirty.desk.actions.reports.open_breach import About, open_breach
from ninethirty.desk.pages.console.act import ACTORS
from ninethirty.desk.pages.console.entry import Entry, moment_in
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.papers.entered import entered, questions
from ninethirty.desk.papers.read import read_bytes
from ninethirty.desk.papers.text import taken
from ninethirty.desk.setup import setup

_ABOUT = (
    Entry("platform", gettext_lazy("Where it should have been public"),
          gettext_lazy("The name of the platform, for example www.platform.example")),
    Entry("known", gettext_lazy("When you knew of it"),
          gettext_lazy("For example 2026-12-01 09:31; empty for now. Our targets run from then.")),
)  # fmt: skip


@console(*ACTORS)
def new(request: Asked) -> HttpResponse:
    """Which way: a file is read, or a kind is chosen."""
    return _entering(
        request,
        lambda: read_bytes(taken(_file(request))),
        entries=_ABOUT,
        title=_("Enter a breach"),
        template="report_new.html",
        kinds=list(Kind),
    )


@console(*ACTORS)
def by_questions(request: Asked, kind: str) -> HttpResponse:
    """An empty answer leaves its field open; several are a line each."""
    if kind not in list(Kind):
        raise Http404
    asked = questions(Kind(kind))
    today = at_local(setup().clock().now(), setup().promises.usual.zone).date()

    def answers() -> dict[str, Any]:
        told = {one.field: request.POST.get(one.field, "") for one in asked}
        return {one.field: told[one.field].splitlines() if one.several else told[one.field]
                for one in asked}  # fmt: skip

    entries = [
        Entry(
            one.field,
            one.asks,
            " ".join(
                hint
                for hint, holds in (
                    (_("Needed."), one.required),
                    (_("One answer to a line."), one.several),
                )
                if holds
            ),
            long=one.several,
        )
        for one in asked
    ]
    return _entering(
        request,
        lambda: entered(Kind(kind), answers(), today),
        entries=(*entries, *_ABOUT),
        title=_("Enter a breach: {kind}").format(kind=kind.replace("_", " ")),
        template="entries.html",
        about="",
        happens=_("What nobody knows stays open, and is asked for again in the draft."),
        button=_("Enter it"),
        back=reverse("report-new"),
    )


def _entering(
    request: Asked, made: Callable[[], Report], *, title: str, template: str, **told: Any
) -> HttpResponse:
    """The form; and once it is sent, the report that was made of it, in the register. Nothing is
    entered of what cannot be read whole."""
    with said() as wrong:
        if request.method == "POST":
            about = About(
                moment_in(request.POST.get("known", "")),
                platform=request.POST.get("platform", "").strip()[:200],
            )
            breach = open_breach(made(), about, by=request.person.id)
            messages.success(request, _("Entered as {name}.").format(name=breach.reference))
            return redirect("report", breach.reference)
    return page(request, template, title, wrong=wrong, typed=request.POST, **told)


def _file(request: Asked) -> "UploadedFile[bytes]":
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise FormUnreadable(_("Choose the file that holds the form."))
    return sent


urls = [
    path("reports/new", new, name="report-new"),
    path("reports/new/<slug:kind>", by_questions, name="report-questions"),
]
