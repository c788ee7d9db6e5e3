"""After the way in on paper was used: a person says what for, and the banner goes."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ninethirty.desk.actions.paper import MAY_CLOSE, close_paper
from ninethirty.desk.pages.console.act import Act
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import Asked, console, said

_CLOSE = Act(
    gettext_lazy("Close the use of the way in on paper"),
    gettext_lazy(
        "The banner goes from every page. The secret was good once: put a new one in a new "
        "envelope with ninethirty person break-glass."
    ),
    gettext_lazy("We know what it was used for"),
    lambda _subject, by, text: close_paper(text, by=by),
    MAY_CLOSE,
    gettext_lazy("Who opened the envelope, and what for?"),
)


@console(*MAY_CLOSE)
def close(request: Asked) -> HttpResponseBase:
    text = request.POST.get("text", "")
    with said() as wrong:
        if request.method == "POST":
            _CLOSE.do("", request.person.id, text)
            messages.success(request, _("Closed. A new envelope is wanted."))
            return redirect("today")
    return page(
        request,
        "act.html",
        str(_CLOSE.title),
        wrong=wrong,
        act=_CLOSE,
        about="",
        text=text,
        back=reverse("today"),
    )


urls: list[URLPattern] = [path("break-glass", close, name="break-glass")]
