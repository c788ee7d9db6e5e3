"""What witnesses ask for and send. The API of later versions documents these; it keeps them."""

import hmac
import json
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.core.times import WallTime
from ninethirty.core.watch import write_key
from ninethirty.desk.actions.observe import observe
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import Witness, setup

View = Callable[[HttpRequest, Witness], HttpResponse]


def for_witnesses(method: str) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """Only with a witness's token, and only by this method."""

    def decorate(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt  # a token in a header, no cookie
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                return JsonResponse(
                    {"detail": f"use {method}"}, status=405, headers={"Allow": method}
                )
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            for witness in setup().witnesses:
                if hmac.compare_digest(witness.token.encode(), token.encode()):
                    return view(request, witness)
            return JsonResponse({"detail": "no witness has this token"}, status=401)

        return guarded

    return decorate


@for_witnesses("GET")
def orders(request: HttpRequest, witness: Witness) -> HttpResponse:
    """The signed watch orders in force, and the keys of those whose instant has come."""
    open_releases = Release.objects.filter(closed=False).exclude(order=b"")
    now, signing = setup().clock().now(), setup().key()
    keys = {
        r.id: write_key(r.id, bytes.fromhex(r.key), signing).decode()
        for r in open_releases
        if WallTime.parse(r.opens).resolve() <= now
    }
    orders = [bytes(r.order).decode() for r in open_releases]
    return JsonResponse({"orders": orders, "keys": keys})


@for_witnesses("POST")
def sightings(request: HttpRequest, witness: Witness) -> HttpResponse:
    """Takes all or none: {"sightings": [...]} -> {"stored": n}."""
    try:
        sent = json.loads(request.body)
        seen = sent["sightings"] if isinstance(sent, dict) else None
        if not isinstance(seen, list):
            raise Malformed('expected {"sightings": [...]}')
        return JsonResponse({"stored": observe(seen, witness)})
    except (ValueError, KeyError, RecursionError) as wrong:
        return JsonResponse({"detail": f"not JSON with sightings: {wrong}"}, status=400)
    except Malformed as wrong:
        return JsonResponse({"detail": str(wrong)}, status=400)
    except NotAllowed as wrong:
        return JsonResponse({"detail": str(wrong)}, status=403)
