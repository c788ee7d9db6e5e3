"""A release: what it is, what is in it, what may happen next and by whom."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from ninethirty.core.document import Json, parse
from ninethirty.core.errors import FileMissing, NotAllowed, SealBroken
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import MOVES, Role, check_may, move_asked, stage
from ninethirty.core.seal import Manifest
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.access.look import note_look
from ninethirty.desk.actions.bundle import manifest_in, manifest_of
from ninethirty.desk.checks.bundle import look
from ninethirty.desk.pages.console.act import ACTORS
from ninethirty.desk.pages.console.beside import Changed, beside
from ninethirty.desk.pages.console.frame import page, words
from ninethirty.desk.pages.console.view import Asked, console
from ninethirty.desk.pages.console.who import releases_of
from ninethirty.desk.papers import line
from ninethirty.desk.public.preview import AFTER, BEFORE, preview
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Person, Release
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.words import size

ACTS = {
    "hand-in": Kind.STAGED,
    "seal": Kind.SEALED,
    "approve": Kind.APPROVED,
    "arm": Kind.ARMED,
    "hold": Kind.HELD,
    "move": Kind.RESCHEDULED,
    "correct": Kind.REPLACED,
}
"""What can be done on the page of a release, by its address, with what it comes to."""

LARGEST_BYTES = 20_000_000
"""Of a bundle that is shown as it will look."""

_STYLE = re.compile(r'<link\b[^>]*rel="stylesheet"[^>]*href="([^"]+)"[^>]*>')
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_PICTURE = re.compile(r'(<img\b[^>]*\bsrc=")([^":]+)(")')


@dataclass(frozen=True)
class AskedMove:
    """Another date that waits for the head of profession. read: number of the fact."""

    read: int
    opens: str
    why: str
    by: str


def asked_move(facts: Sequence[Fact]) -> AskedMove | None:
    asked = move_asked(facts)
    if asked is None:
        return None
    why = Message.objects.filter(id=asked.details["reason_kept"]).values_list("text", flat=True)
    who = Person.objects.filter(id=asked.actor).values_list("name", flat=True)
    by = who.first() or asked.actor
    return AskedMove(asked.n, asked.details["opens"], why.first() or "", by)


def release_for(request: Asked, release: str) -> Release:
    """Raises Http404: there is none that this person may see."""
    return get_object_or_404(releases_of(request.person), id=release)


def may(request: Asked, act: Kind, facts: Sequence[Fact]) -> bool:
    try:
        check_may(act, request.role, request.person.id, facts)
    except NotAllowed:
        return False
    return True


@console()
def release(request: Asked, release: str) -> HttpResponse:
    row = release_for(request, release)
    facts = facts_of(row.id)
    reached = stage(facts)
    manifest = manifest_of(row) if row.manifest else None
    shelf = setup().shelf()
    allowed = [name for name, act in ACTS.items() if may(request, act, facts)]
    if reached == "sealed" and request.role is Role.STATISTICIAN:
        allowed.append("ask")
    if "move" not in allowed and request.role in (Role.STATISTICIAN, Role.PUBLISHING_OFFICER):
        allowed.append("move")
    return page(
        request,
        "release.html",
        _("Release"),
        release=row,
        opens=WallTime.parse(row.opens).resolve() if row.opens else None,
        zone=WallTime.parse(row.opens).zone if row.opens else "",
        now=setup().clock().now(),
        stage=reached,
        allowed=allowed,
        next=[
            (move.act.says, _(" or a ").join(_(role) for role in sorted(move.by)))
            for move in MOVES
            if move.by and reached in move.before
        ],
        files=manifest.files if manifest else (),
        findings=look(manifest, shelf.read) if manifest else (),
        changed=_changed(row, facts),
        other=asked_move(facts),
        answers=request.role is Role.HEAD_OF_PROFESSION,
        notes=request.role in ACTORS,
        facts=line.for_people(facts)[::-1][:30],
        words=words,
        size=size,
        scanned=bool(setup().clamd),
    )


def _changed(row: Release, facts: Sequence[Fact]) -> list[Changed] | None:
    """None: nothing was sealed before. What was sealed before seals were kept cannot be shown."""
    seals = [fact.details.get("seal", "") for fact in facts if fact.kind is Kind.SEALED]
    earlier = [seal for seal in seals if seal != row.seal]
    if not earlier or row.manifest is None:
        return None
    try:
        kept: Json = parse(setup().shelf().read(earlier[-1]))
        return beside(manifest_in(kept), manifest_of(row), setup().shelf().read)
    except (FileMissing, SealBroken):
        return None


@console()
def look_at(request: Asked, release: str, moment: str) -> HttpResponse:
    """The page as it will be, in a sandbox of its own: what was handed in runs no script here, and
    reaches nothing of ours."""
    row = release_for(request, release)
    wanted = {"before": BEFORE, "after": AFTER}.get(moment)
    if wanted is None:
        raise Http404
    shown = page_alone(manifest_of(row), wanted)
    note_look(row.id, wanted, row.seal, by=request.person.id)
    answer = HttpResponse(shown)
    answer["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    return answer


def page_alone(manifest: Manifest, wanted: str) -> str:
    """The page as it will look, with all that it needs inside. wanted: BEFORE or AFTER its time.

    Raises NotAllowed: larger than LARGEST_BYTES.
    """
    if sum(file.size_bytes for file in manifest.files) > LARGEST_BYTES:
        raise NotAllowed(_("It is too large to be shown here; look at its files one by one."))
    contents = {file.name: setup().shelf().read(file.digest) for file in manifest.files}
    made = preview(
        contents,
        path=manifest.path,
        opens=manifest.opens,
        producer=setup().producer,
        named=manifest.title,
    )
    return _alone(made[wanted].decode(), made)


def _alone(html: str, files: dict[str, bytes]) -> str:
    """With its styles and pictures in it: a page in a sandbox is shown nothing else of ours."""

    def style(found: re.Match[str]) -> str:
        css = files.get(found[1], b"").decode(errors="replace")
        return f"<style>{css.replace('<', '')}</style>"

    def picture(found: re.Match[str]) -> str:
        content = files.get(found[2].lstrip("/"))
        told = base64.b64encode(content).decode() if content else ""
        kind = "image/svg+xml" if found[2].endswith(".svg") else "image/png"
        return f"{found[1]}data:{kind};base64,{told}{found[3]}" if told else found[0]

    return _PICTURE.sub(picture, _SCRIPT.sub("", _STYLE.sub(style, html)))


urls: list[URLPattern] = [
    path("releases/<path:release>/as-it-will-be/<slug:moment>", look_at, name="release-preview"),
    path("releases/<path:release>", release, name="release"),
]
