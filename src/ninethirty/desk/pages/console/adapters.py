"""How allauth's ways are ours: nobody signs up, and single sign-on finds an account by its name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ninethirty.desk.record.models import Account


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The operator lets people in: see `ninethirty person`."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """We keep no addresses."""


class SignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Somebody's first time by this way: whom the provider says they are must have an
        account."""
        from ninethirty.desk.pages.console.view import refuse

        if sociallogin.is_existing:
            return
        told = sociallogin.account.extra_data
        told = told.get("userinfo", told)
        # An address would do as well only if the provider had proven it.
        name = str(told.get("preferred_username") or "")
        account = Account.objects.filter(username=name, is_active=True, on_paper=False).first()
        if account is None or not name:
            sentence = _("Nobody works here by that name. Ask whoever runs this desk.")
            raise ImmediateHttpResponse(refuse(request, sentence, 403))
        sociallogin.connect(request, account)
