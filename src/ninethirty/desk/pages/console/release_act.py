"""What people do to a release, each asked for again with what will happen and when."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import MOVES, Role, check_may, move_asked
from ninethirty.core.seal import PAGE
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.ask_approval import ask_approval
from ninethirty.desk.actions.bundle import manifest_of
from ninethirty.desk.actions.hold import hold
from ninethirty.desk.actions.move import approve_move, refuse_move
from ninethirty.desk.actions.replace import replace
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.release import asked_move, release_for
from ninethirty.desk.pages.console.view import Asked, console, said
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release

_MOST_DIGITS = 9

_ANSWERS = (Role.HEAD_OF_PROFESSION,)


def _seal(request: Asked, row: Release) -> None:
    seal(row.id, by=request.person.id)


def _ask(request: Asked, row: Release) -> None:
    ask_approval(row.id, by=request.person.id)


def _approve(request: Asked, row: Release) -> None:
    approve(row.id, request.POST.get("seal", ""), by=request.person.id)


def _arm(request: Asked, row: Release) -> None:
    files = [file.name for file in manifest_of(row).files if file.name != PAGE]
    places = {name: request.POST.get(f"place:{name}", "").strip() for name in files}
    arm(row.id, announced_files={n: p for n, p in places.items() if p}, by=request.person.id)


def _hold(request: Asked, row: Release) -> None:
    silent = hold(row.id, by=request.person.id, reason=_reason(request)).details["silent"]
    if silent:
        sentence = _("Not safe yet: {gates} did not answer and may still open it. Go and look.")
        messages.error(request, sentence.format(gates=", ".join(silent)))


def _agree(request: Asked, row: Release) -> None:
    approve_move(row.id, by=request.person.id, read=_read(request))


def _refuse(request: Asked, row: Release) -> None:
    refuse_move(row.id, by=request.person.id, reason=_reason(request), read=_read(request))


def _read(request: Asked) -> int:
    """Number of the fact that was on the page; -1, which none has, if that is not told."""
    number = request.POST.get("read", "")
    return int(number) if number.isdecimal() and len(number) <= _MOST_DIGITS else -1


def _correct(request: Asked, row: Release) -> None:
    replace(row.id, opens=_promise(request, row), by=request.person.id, reason=_reason(request))


def _reason(request: Asked) -> str:
    told = request.POST.get("reason", "").strip()
    if not told:
        raise NotAllowed(_("Say why: the reason is kept."))
    return told


def _promise(request: Asked, row: Release) -> WallTime:
    zone = WallTime.parse(row.opens).zone
    return WallTime.parse(f"{request.POST.get('day', '')} {request.POST.get('time', '')} {zone}")


@dataclass(frozen=True)
class _Act:
    """kind: by which the table of moves allows it; None: `by` does, or the action alone. happens:
    what it does and when, read before it is done. asks: which fields its form has."""

    does: Callable[[Asked, Release], None]
    kind: Kind | None
    title: str | Promise
    happens: str | Promise
    done: str | Promise
    asks: tuple[str, ...] = ()
    dangerous: bool = False
    by: tuple[Role, ...] = ()


ACTS = {
    "seal": _Act(
        _seal,
        Kind.SEALED,
        gettext_lazy("Seal this release"),
        gettext_lazy(
            "Its files, title, addresses and time get one digest. A change makes another."
        ),
        gettext_lazy("Sealed."),
    ),
    "ask": _Act(
        _ask,
        None,
        gettext_lazy("Ask for approval"),
        gettext_lazy("It is recorded that a second person is waited for."),
        gettext_lazy("Asked."),
        by=(Role.STATISTICIAN,),
    ),
    "approve": _Act(
        _approve,
        Kind.APPROVED,
        gettext_lazy("Approve this release"),
        gettext_lazy(
            "You put your name to exactly these files and this time. If anything is changed "
            "meanwhile, nothing is approved."
        ),
        gettext_lazy("Approved."),
        ("seal",),
        dangerous=True,
    ),
    "arm": _Act(
        _arm,
        Kind.ARMED,
        gettext_lazy("Arm this release"),
        gettext_lazy(
            "From then on it opens by itself at its time, whether or not anybody is here."
        ),
        gettext_lazy("Armed: a gate stands for it."),
        ("places",),
        dangerous=True,
    ),
    "hold": _Act(
        _hold,
        Kind.HELD,
        gettext_lazy("Hold this release"),
        gettext_lazy("Its opening is taken back on every gate, now. It stays closed at its time."),
        gettext_lazy("Held."),
        ("reason",),
        dangerous=True,
    ),
    "agree": _Act(
        _agree,
        None,
        gettext_lazy("Agree to the other date"),
        gettext_lazy(
            "The other date is promised at once, with the reason that was given, which is "
            "published. Seal and approval are void with the old date, and what is armed is held."
        ),
        gettext_lazy("The other date is promised."),
        ("read",),
        dangerous=True,
        by=_ANSWERS,
    ),
    "refuse": _Act(
        _refuse,
        None,
        gettext_lazy("Keep the date"),
        gettext_lazy("The date stays as it is promised. Your reason is kept, and not published."),
        gettext_lazy("The date stays."),
        ("read", "reason"),
        by=_ANSWERS,
    ),
    "correct": _Act(
        _correct,
        Kind.REPLACED,
        gettext_lazy("Correct this release"),
        gettext_lazy(
            "A correction is made: a release of its own at the same address, handed in, sealed, "
            "approved and armed as any. What is public stays so until it opens."
        ),
        gettext_lazy("The correction is ordered."),
        ("day", "reason"),
        dangerous=True,
    ),
}


@console()
def act(request: Asked, release: str, verb: str) -> HttpResponseBase:
    """Shown: what will happen. Sent: it happens, or why not, with everything typed still there."""
    row = release_for(request, release)
    if verb not in ACTS:
        raise Http404
    asked = ACTS[verb]
    _check_role(asked, request.role)
    if request.method == "GET":
        _check(asked, request, row)
    with said() as wrong:
        if request.method == "POST":
            asked.does(request, row)
            messages.success(request, str(asked.done))
            return redirect("release", row.id)
    files = manifest_of(row).files if row.manifest and "places" in asked.asks else ()
    return page(
        request,
        "release_act.html",
        str(asked.title),
        wrong=wrong,
        release=row,
        asked=asked,
        verb=verb,
        typed=request.POST,
        other=asked_move(facts_of(row.id)) if "read" in asked.asks else None,
        opens=WallTime.parse(row.opens).resolve() if row.opens else None,
        files=[file for file in files if file.name != PAGE],
    )


def _check_role(asked: _Act, role: Role) -> None:
    """Raises NotAllowed: whatever is typed, this person's form is not even shown."""
    roles = asked.by or {role for move in MOVES if move.act is asked.kind for role in move.by}
    if role not in roles:
        sentence = _("This is not for a {role}; it takes a {roles}.")
        named = _(" or a ").join(sorted(map(str, roles)))
        raise NotAllowed(sentence.format(role=role, roles=named))


def _check(asked: _Act, request: Asked, row: Release) -> None:
    """Raises NotAllowed, with the sentence of the rule."""
    if asked.kind:
        check_may(asked.kind, request.role, request.person.id, facts_of(row.id))
    elif "read" in asked.asks and move_asked(facts_of(row.id)) is None:
        raise NotAllowed(_("Nobody has asked for another date, or it is answered already."))


urls: list[URLPattern] = [path("releases/<path:release>/act/<slug:verb>", act, name="act")]
