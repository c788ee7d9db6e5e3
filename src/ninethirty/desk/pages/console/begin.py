"""Where a one-time link leads: somebody sets their password, and is then asked for the rest."""

from allauth.account.utils import perform_login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ninethirty.core.errors import Malformed, NinethirtyError
from ninethirty.desk.actions.accounts import account_of_link, begin
from ninethirty.desk.pages.console.frame import page
from ninethirty.desk.pages.console.view import refuse, said, status_of


@never_cache
def set_password(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        account = account_of_link(token)
    except NinethirtyError as over:
        return refuse(request, str(over), status_of(over))
    with said() as wrong:
        if request.method == "POST":
            password = request.POST.get("password", "")
            _check(password, request.POST.get("again", ""))
            account = begin(token, password, by=account.person_id)
            answer: HttpResponseBase = perform_login(request, account)
            return answer
    return page(
        request, "begin.html", _("Choose your password"), wrong=wrong, username=account.username
    )


def _check(password: str, again: str) -> None:
    """Raises Malformed."""
    if password != again:
        raise Malformed(_("The two passwords differ; type the same one twice."))
    try:
        validate_password(password)
    except ValidationError as weak:
        raise Malformed(" ".join(weak.messages)) from weak


urls = [path("begin/<str:token>", set_password, name="begin")]
