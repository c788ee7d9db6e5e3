"""Files handed in from a browser: piece by piece with script, as one form without."""

import json

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ninethirty.core.document import digest
from ninethirty.core.errors import BundleRefused, NinethirtyError
from ninethirty.core.facts import Kind
from ninethirty.core.release import check_may
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.pages.console.release import release_for
from ninethirty.desk.pages.console.view import Asked, console, refuse, status_of
from ninethirty.desk.parcel.names import Listed
from ninethirty.desk.parcel.parcel import Parcel
from ninethirty.desk.parcel.scan import scan
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.setup import setup

_LONGEST_LIST = 2_000_000


def _parcel(request: Asked, release: str) -> Parcel:
    """This person's, for this release. Raises Http404, or NotAllowed: nothing is even received."""
    row = release_for(request, release)
    check_may(Kind.STAGED, request.role, request.person.id, facts_of(row.id))
    name = digest(f"{request.person.id}\n{row.id}".encode())[:32]
    return Parcel(setup().home / "parcels" / name)


def _taken(parcel: Parcel, release: str, by: str) -> None:
    with parcel.made() as folder:
        if setup().clamd:
            for place in sorted(one for one in folder.rglob("*") if one.is_file()):
                scan(place, place.relative_to(folder).as_posix(), setup().clamd)
        stage(release, folder, by=by)


def _told(error: NinethirtyError) -> JsonResponse:
    return JsonResponse({"detail": str(error)}, status=status_of(error))


@console()
def begin(request: Asked, release: str) -> HttpResponseBase:
    """[{"name", "size", "modified"}] -> {"have": bytes of each that are here already}."""
    try:
        parcel = _parcel(request, release)
        return JsonResponse({"have": parcel.begin(_listed(request.read(_LONGEST_LIST)))})
    except NinethirtyError as wrong:
        return _told(wrong)


def _listed(told: bytes) -> list[Listed]:
    try:
        return [
            Listed(str(one["name"]), int(one["size"]), int(one["modified"]))
            for one in json.loads(told)
        ]
    except (ValueError, TypeError, KeyError) as wrong:
        raise BundleRefused("the list of files could not be read; choose them again") from wrong


@console()
def piece(request: Asked, release: str) -> HttpResponseBase:
    """A piece of file ?n= from byte ?from= on, as it is -> {"have": bytes that are here now}."""
    try:
        n, start = (int(request.GET.get(name, "-1")) for name in ("n", "from"))
        return JsonResponse({"have": _parcel(request, release).add(n, start, request.read)})
    except ValueError:
        return JsonResponse({"detail": "n, from: expected numbers"}, status=400)
    except NinethirtyError as wrong:
        return _told(wrong)


@console()
def finish(request: Asked, release: str) -> HttpResponseBase:
    """All has come: check it, and hand it in."""
    try:
        _taken(_parcel(request, release), release, request.person.id)
    except NinethirtyError as wrong:
        return _told(wrong)
    messages.success(request, _("Handed in. Look at it, then seal it."))
    return JsonResponse({"done": True})


@csrf_exempt  # Until it is known how files are received; what follows is protected.
def whole(request: HttpRequest, release: str) -> HttpResponseBase:
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    try:
        return _whole(request, release=release)
    except (TooManyFilesSent, MultiPartParserError):
        sentence = _(
            "Not all of it arrived, or it was more than 100 files. Nothing was taken. Pack the "
            "files in one zip file and send that."
        )
        return refuse(request, sentence, 400)


@csrf_protect
@console()
def _whole(request: Asked, release: str) -> HttpResponseBase:
    """The plain form. Its last field says that nothing before it was cut off."""
    parcel = _parcel(request, release)
    sent = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)]
    if "end" not in request.POST:
        raise BundleRefused(_("The upload was cut off, so nothing was taken. Send it again."))
    parcel.forget()
    parcel.begin([Listed(one.name or "", one.size or 0) for one in sent])
    for n, one in enumerate(sent):
        parcel.add(n, 0, one.read)
    try:
        _taken(parcel, release, request.person.id)
    finally:
        parcel.forget()
    messages.success(request, _("Handed in. Look at it, then seal it."))
    return redirect("release", release)


urls: list[URLPattern] = [
    path("releases/<path:release>/hand-in", whole, name="hand-in"),
    path("releases/<path:release>/hand-in/begin", begin, name="hand-in-begin"),
    path("releases/<path:release>/hand-in/piece", piece, name="hand-in-piece"),
    path("releases/<path:release>/hand-in/finish", finish, name="hand-in-finish"),
]
