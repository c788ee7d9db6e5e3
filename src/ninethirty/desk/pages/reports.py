"""Where other installations submit their reports, and ask what became of them."""

import hmac
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ninethirty.core.errors import DocumentError, NotAllowed
from ninethirty.desk.actions.reports.receive import receive_report
from ninethirty.desk.record.models import Answer
from ninethirty.desk.reporting import Sender
from ninethirty.desk.setup import setup

View = Callable[..., HttpResponse]


def for_senders(method: str) -> Callable[[View], View]:
    """Only with a sender's token, and only by this method."""

    def decorate(view: View) -> View:
        @csrf_exempt  # a token in a header, no cookie
        @wraps(view)
        def guarded(request: HttpRequest, **named: str) -> HttpResponse:
            if request.method != method:
                return JsonResponse(
                    {"detail": f"use {method}"}, status=405, headers={"Allow": method}
                )
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            for sender in setup().reports.senders:
                if hmac.compare_digest(sender.token.encode(), token.encode()):
                    return view(request, sender, **named)
            return JsonResponse({"detail": "no sender has this token"}, status=401)

        return guarded

    return decorate


@for_senders("POST")
def submit(request: HttpRequest, sender: Sender) -> HttpResponse:
    """A signed report -> the signed receipt."""
    try:
        receipt = receive_report(request.body, sender)
    except DocumentError as wrong:
        return JsonResponse({"detail": str(wrong)}, status=400)
    except NotAllowed as wrong:
        return JsonResponse({"detail": str(wrong)}, status=409)
    return HttpResponse(receipt, content_type="application/json")


@for_senders("GET")
def answers(request: HttpRequest, sender: Sender, reference: str) -> HttpResponse:
    """{"answers": [signed, ...]} in the order in which they were given."""
    given = Answer.objects.filter(breach__reference=reference, breach__sender=sender.name)
    return JsonResponse({"answers": [bytes(one.document).decode() for one in given.order_by("id")]})
