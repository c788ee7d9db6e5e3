"""E-mail by SMTP, to a team or to a bridge that rings telephones."""

from ninethirty.core.times import Clock
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.smtp import Account, letter


class Mail:
    def __init__(self, account: Account, *, sender: str, to: tuple[str, ...], clock: Clock) -> None:
        self._account = account
        self._sender = sender
        self._to = to
        self._clock = clock

    def page(self, alert: Alert) -> None:
        message = letter(
            sender=self._sender,
            to=self._to,
            subject=alert.reason,
            text=f"{alert.reason}\n\nI am at it: {alert.link}\n"
            if alert.link
            else f"{alert.reason}\n",
            at=self._clock.now(),
            key=alert.key,
        )
        message["Auto-Submitted"] = "auto-generated"
        self._account.send(message)
