"""Signing in and out, the second factor, and where one is signed in: allauth's, in our frame."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.totp import views as codes
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _

from ninethirty.desk.pages.console import second_factor
from ninethirty.desk.pages.console.frame import page


def set_up(request: HttpRequest) -> HttpResponseBase:
    """Where somebody is sent whose role needs a second factor, and who has none yet."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if not second_factor.is_lacking(request.user):
        return redirect("/")
    return page(request, "second_factor.html", _("Set up a second factor"))


def refused(request: HttpRequest) -> HttpResponseBase:
    """Where single sign-on leads to when the provider says no."""
    return page(
        request,
        "refused.html",
        _("You are not signed in"),
        403,
        sentence=_("The provider did not say who you are. Try again, or sign in by password."),
    )


urls: list[URLPattern | URLResolver] = [
    path("sign-in", views.login, name="account_login"),
    path("sign-out", views.logout, name="account_logout"),
    path("account", factors.index, name="mfa_index"),
    path("account/second-factor", set_up, name="second-factor"),
    path("account/again", views.reauthenticate, name="account_reauthenticate"),
    path("sign-on/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("sign-on/cancelled", refused, name="socialaccount_login_cancelled"),
    path("sign-on/error", refused, name="socialaccount_login_error"),
    path("account/inactive", views.account_inactive, name="account_inactive"),
    path("account/password", views.password_change, name="account_change_password"),
    path("account/sessions", sessions.list_usersessions, name="usersessions_list"),
    path("account/code", factors.authenticate, name="mfa_authenticate"),
    path("account/code/again", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/code/add", codes.activate_totp, name="mfa_activate_totp"),
    path("account/code/remove", codes.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/sign-in", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "account/passkeys/again",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/passkeys/<int:pk>/edit", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
