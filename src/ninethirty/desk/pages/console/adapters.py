"""How allauth's ways are ours: nobody signs up, and single sign-on finds an account by its name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from ninethirty.core.errors import NotAllowed
from ninethirty.desk.actions.paper import use_paper
from ninethirty.desk.record.models import Account


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The operator lets people in: see `ninethirty person`."""
        return False

    def login(self, request: HttpRequest, user: Account) -> None:
        """However they proved who they are. The way in on paper is good once."""
        if user.on_paper:
            try:
                use_paper(by=user.person_id)
            except NotAllowed as over:
                raise ImmediateHttpResponse(_refused(request, str(over))) from over
            # The secret is gone, and the session holds to what is there instead.
            user.refresh_from_db()
        super().login(request, user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """We keep no addresses."""


class SignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Somebody's first time by this way: whom the provider says they are must have an
        account."""
        if sociallogin.is_existing:
            return
        told = sociallogin.account.extra_data
        told = told.get("userinfo", told)
        # An address would do as well only if the provider had proven it.
        name = str(told.get("preferred_username") or "")
        account = Account.objects.filter(username=name, is_active=True, on_paper=False).first()
        if account is None or not name:
            sentence = _("Nobody works here by that name. Ask whoever runs this desk.")
            raise ImmediateHttpResponse(_refused(request, sentence))
        sociallogin.connect(request, account)


def _refused(request: HttpRequest, sentence: str) -> HttpResponseBase:
    # The view asks allauth, which asks for these adapters.
    from ninethirty.desk.pages.console.view import refuse

    return refuse(request, sentence, 403)
