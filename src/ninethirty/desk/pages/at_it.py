"""Where the link in a page leads: one button, and no signing in, for it is half past nine."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ninethirty.core.errors import NotAllowed
from ninethirty.core.times import at_local
from ninethirty.desk.actions.acknowledge import acknowledge, read_link
from ninethirty.desk.pages.console import frame
from ninethirty.desk.setup import setup


@csrf_exempt  # the token proves who it is; no cookie does
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Looked at, by a person or by whatever looks into their mail, it does nothing."""
    title, done = _("Are you at it?"), ""
    try:
        link = read_link(token)
        if request.method == "POST":
            fact = acknowledge(link.release, by=link.person)
            done = f"{at_local(fact.recorded, setup().promises.usual.zone):%H:%M:%S}"
            title = _("You are at it")
    except NotAllowed as no:
        title = _("This link does not work")
        return frame.page(request, "refused.html", title, 403, sentence=str(no))
    told = frame.page(request, "at_it.html", title, link=link, done=done)
    told["Cache-Control"] = "no-store"
    return told
