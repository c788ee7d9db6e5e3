"""Who may ask for a page, and what becomes of a refusal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ninethirty.core.errors import (
    AlreadyHappened,
    BundleRefused,
    DocumentError,
    FormUnreadable,
    NinethirtyError,
    NotAllowed,
    NotYet,
    OutsideFailed,
    TimeError,
)
from ninethirty.core.release import Role
from ninethirty.desk.pages.console import frame, second_factor
from ninethirty.desk.record.models import Person

TYPED = "typed"
"""In the session of whoever has to sign in first: what they sent, and where to."""

_MOST_TYPED = 200_000
_STATUS: tuple[tuple[type[NinethirtyError], int], ...] = (
    (NotAllowed, 403),
    (DocumentError, 400),
    (BundleRefused, 400),
    (FormUnreadable, 400),
    (TimeError, 400),
    (AlreadyHappened, 409),
    (NotYet, 409),
    (OutsideFailed, 502),
)


class Asked(HttpRequest):
    """A request of somebody who is signed in, and may ask this."""

    person: Person
    role: Role


@dataclass
class Wrong:
    """Why it was not done, to be shown at the form; nothing while all is well."""

    sentence: str = ""
    status: int = 200

    def __bool__(self) -> bool:
        return bool(self.sentence)


View = Callable[..., HttpResponseBase]


def console(*roles: Role) -> Callable[[View], View]:
    """For people with one of these roles; for anybody who is signed in, if none is named.

    The view gets an `Asked`. An error of ours that it raises becomes a page with the sentence.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **named: Any) -> HttpResponseBase:
            account = request.user
            if not account.is_authenticated:
                return _sign_in(request)
            person = account.person
            if person.left is not None:
                logout(request)
                return _sign_in(request)
            asked: Any = request
            asked.person, asked.role = person, Role(person.role)
            if second_factor.is_lacking(account):
                return redirect("second-factor")
            if roles and asked.role not in roles:
                wanted = _(" or a ").join(map(str, roles))
                sentence = _("This page is for a {wanted}; you are signed in as a {role}.")
                return refuse(request, sentence.format(wanted=wanted, role=asked.role), 403)
            kept = request.session.pop(TYPED, None) if TYPED in request.session else None
            if kept and request.method == "GET" and kept["path"] == request.get_full_path():
                return frame.page(
                    request, "typed.html", _("Send what you had typed?"), fields=kept["fields"]
                )
            try:
                return view(asked, **named)
            except NinethirtyError as wrong:
                return refuse(request, str(wrong), status_of(wrong))

        return guarded

    return decorate


@contextmanager
def said() -> Iterator[Wrong]:
    """For a form: an error of ours inside ends the block and is told, so that the form can be shown
    again with what was typed, as `page(..., wrong=wrong)`."""
    told = Wrong()
    try:
        yield told
    except NinethirtyError as wrong:
        told.sentence, told.status = str(wrong), status_of(wrong)


def status_of(wrong: NinethirtyError) -> int:
    """Of HTTP."""
    return next((status for kind, status in _STATUS if isinstance(wrong, kind)), 500)


def refuse(request: HttpRequest, sentence: str, status: int) -> HttpResponseBase:
    """A page with that sentence."""
    return frame.page(request, "refused.html", _("This was not done"), status, sentence=sentence)


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back here, where what was typed is offered to be sent again."""
    if request.method == "POST":
        fields = _typed(request.POST)
        if sum(len(name) + len(value) for name, value in fields) <= _MOST_TYPED:
            request.session[TYPED] = {"path": request.get_full_path(), "fields": fields}
    after = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('account_login')}?{after}")


def _typed(sent: QueryDict) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in sent.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
        if isinstance(value, str)
    ]
