"""A client of somebody who has signed in, with a second factor where their role needs one."""

from allauth.mfa.models import Authenticator
from django.test import Client
from ninethirty.desk.pages.console.second_factor import is_lacking

from ninethirty.desk.record.models import Account


def signed_in(person: str) -> Client:
    account, _ = Account.objects.get_or_create(person_id=person, defaults={"username": person})
    if is_lacking(account):
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    return client
