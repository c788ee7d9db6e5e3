"""The shelf over HTTP, for gates that do not share a disk with the desk: laid out as in its folder.

Files that have not opened lie here, so nothing is given without a gate's token.
"""

import hmac
import json
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ninethirty.core import letter as letters
from ninethirty.core.errors import Malformed
from ninethirty.desk.setup import Gate, setup

LONGEST_WORD = 10_000
"""Bytes of an acknowledgement."""

_LETTER = re.compile(r"[\w.-]{1,200}")
_DIGEST = re.compile("[0-9a-f]{64}")


def for_gates(
    *methods: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Only with a gate's token, and only by these methods."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt  # a token in a header, no cookie
        @wraps(view)
        def guarded(request: HttpRequest, **named: str) -> HttpResponseBase:
            gate = _known(request)
            if gate is None:
                return JsonResponse({"detail": "no gate has this token"}, status=401)
            if request.method not in methods:
                allowed = ", ".join(methods)
                return JsonResponse(
                    {"detail": f"use {allowed}"}, status=405, headers={"Allow": allowed}
                )
            return view(request, gate, **named)

        return guarded

    return decorate


@for_gates("GET")
def root(request: HttpRequest, gate: Gate) -> HttpResponseBase:
    return _file(_shelf() / "root")


@for_gates("GET")
def named(request: HttpRequest, gate: Gate, _: str, name: str) -> HttpResponseBase:
    if not _DIGEST.fullmatch(name):
        return HttpResponse(status=404)
    return _file(_shelf() / "objects" / name[:2] / name)


@for_gates("GET", "PUT")
def acknowledgement(request: HttpRequest, gate: Gate, name: str) -> HttpResponseBase:
    """A gate speaks for itself alone."""
    if name != gate.name:
        return JsonResponse({"detail": f"this token is that of {gate.name}"}, status=403)
    if request.method == "GET":
        return _file(_shelf() / "acknowledged" / f"{name}.json")
    try:
        said = json.loads(request.body)
        if len(request.body) > LONGEST_WORD or said["gate"] != name:
            raise ValueError("too long, or the word of another gate")
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        return JsonResponse({"detail": f"not an acknowledgement: {wrong}"}, status=400)
    setup().shelf().put_acknowledgement(name, request.body)
    return HttpResponse(status=204)


@for_gates("PUT")
def letter(request: HttpRequest, gate: Gate, name: str) -> HttpResponseBase:
    """Of a reader, by a gate. Given twice, it is kept once."""
    if not name.startswith(f"{gate.name}-") or not _LETTER.fullmatch(name):
        return JsonResponse({"detail": f"this token is that of {gate.name}"}, status=403)
    try:
        letters.read(request.body)
    except Malformed as wrong:
        return JsonResponse({"detail": str(wrong)}, status=400)
    setup().shelf().put_letter(name, request.body)
    return HttpResponse(status=204)


def _known(request: HttpRequest) -> Gate | None:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    for gate in setup().gates:
        if gate.token and hmac.compare_digest(gate.token.encode(), token.encode()):
            return gate
    return None


def _shelf() -> Path:
    return setup().home / "shelf"


def _file(place: Path) -> HttpResponseBase:
    try:
        return FileResponse(place.open("rb"), content_type="application/octet-stream")
    except FileNotFoundError:
        return HttpResponse(status=404)
