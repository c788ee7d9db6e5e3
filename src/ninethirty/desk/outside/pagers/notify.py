"""A text message by GOV.UK Notify: POST /v2/notifications/sms, with a token for each call.

docs.notifications.service.gov.uk, REST API, "Authorisation header" and "Send a text message", as of
2026-11. Its own client is little more than this, and brings a package that has to be built. Notify
sends approved templates alone: ours has the fields ((reason)) and ((link)).
"""

import jwt

from ninethirty.core.times import Clock
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.web import ask

_UUID = 36
"""An API key is its name, the service's id and a secret, each of the two a UUID after a hyphen."""


class Notify:
    """token: an API key. template: the id of an approved template. to: telephone numbers."""

    def __init__(
        self, url: str, token: str, clock: Clock, *, template: str, to: tuple[str, ...]
    ) -> None:
        self._url = f"{url}/v2"
        self._secret = token[-_UUID:]
        self._service = token[-2 * _UUID - 1 : -_UUID - 1]
        self._clock = clock
        self._template = template
        self._to = to

    def page(self, alert: Alert) -> None:
        for number in self._to:
            told = {
                "phone_number": number,
                "template_id": self._template,
                "personalisation": {"reason": alert.reason, "link": alert.link},
                "reference": alert.key,
            }
            ask("POST", f"{self._url}/notifications/sms", token=self._token(), json=told)

    def check(self) -> None:
        ask("GET", f"{self._url}/template/{self._template}", token=self._token())

    def _token(self) -> str:
        claims = {"iss": self._service, "iat": int(self._clock.now().timestamp())}
        return jwt.encode(claims, self._secret, algorithm="HS256")
