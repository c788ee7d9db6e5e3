"""A text message, or a voice, by Twilio (API 2010-04-01).

POST /Accounts/SID/Messages.json and Calls.json.
twilio.com/docs: "Messages resource", "Calls resource", "TwiML <Say>", as of 2026-11.
"""

from base64 import b64encode
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.web import ask

LONGEST = 320
"""Letters: two text messages. A page says what, and the link answers it."""


class Twilio:
    """sid: of the account; token: its secret. sender, to: telephone numbers as +441632960000."""

    def __init__(self, url: str, sid: str, token: str, *, sender: str, to: tuple[str, ...]) -> None:
        self._base = f"{url}/2010-04-01/Accounts/{sid}"
        pair = b64encode(f"{sid}:{token}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._sender = sender
        self._to = to

    def page(self, alert: Alert) -> None:
        """One message for each number; a second attempt rings all of them again."""
        for number in self._to:
            form = {"From": self._sender, "To": number, **self._says(alert)}
            ask(
                "POST",
                f"{self._base}/{self._what}.json",
                body=urlencode(form).encode(),
                headers=self._headers,
            )

    def check(self) -> None:
        ask("GET", f"{self._base}.json", headers=self._headers)

    @property
    def _what(self) -> str:
        raise NotImplementedError

    def _says(self, alert: Alert) -> dict[str, str]:
        raise NotImplementedError


class Sms(Twilio):
    _what = "Messages"

    def _says(self, alert: Alert) -> dict[str, str]:
        room = LONGEST - len(alert.link) - 1
        return {"Body": f"{alert.reason[:room]} {alert.link}".strip()}


class Voice(Twilio):
    _what = "Calls"

    def _says(self, alert: Alert) -> dict[str, str]:
        words = escape(alert.reason[:LONGEST])
        return {"Twiml": f'<Response><Say loop="3" language="en-GB">{words}</Say></Response>'}
