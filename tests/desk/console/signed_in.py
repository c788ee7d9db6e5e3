"""People who are signed in at the console, those with a second factor who need one."""

from allauth.mfa.models import Authenticator
from django.test import Client

from ninethirty.desk.record.models import Account, Person
from tests.desk.setting import work_here


def client_of(person: str) -> Client:
    if not Person.objects.exists():
        work_here()
    account, _ = Account.objects.get_or_create(username=person, person_id=person)
    Authenticator.objects.get_or_create(
        user=account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
