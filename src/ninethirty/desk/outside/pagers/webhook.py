"""Any address that takes a signed JSON document: a bot, a bridge to a telephone, a wall screen."""

from ninethirty.core.document import canonical
from ninethirty.core.times import Clock
from ninethirty.core.webhook import HEADER, sign
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.web import ask
from ninethirty.desk.service import Service


class Webhook:
    """The service's token is the secret we sign with; it is never sent."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self._service = service
        self._clock = clock

    def page(self, alert: Alert) -> None:
        body = canonical({"reason": alert.reason, "key": alert.key, "link": alert.link})
        ask(
            "POST",
            self._service.url,
            body=body,
            headers={
                "Content-Type": "application/json",
                HEADER: sign(self._service.secret, self._clock.now(), body),
            },
        )
