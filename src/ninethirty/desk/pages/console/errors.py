"""What is shown when nothing else can be: never a title, a figure, or a trace."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from ninethirty.desk.pages.console.view import refuse


def forged(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    sentence = _(
        "This form was made for another sign-in, so nothing was done. Go back, load the page "
        "again, and send it once more."
    )
    return refuse(request, sentence, 403)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return refuse(request, _("There is no such page, or it is not for you to see."), 404)


def failed(request: HttpRequest, **_told: Any) -> HttpResponseBase:
    """Asks nothing of the record, which may be what failed."""
    sentence = _("Something of ours failed. It is in the log; nothing half done was kept.")
    return HttpResponse(sentence, status=500, content_type="text/plain; charset=utf-8")
