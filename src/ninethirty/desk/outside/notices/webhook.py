"""Any address that takes a signed JSON document, and takes each only once.

Whoever receives it keeps to this: two with one `Idempotency-Key` are one notice. So nothing needs
to be read back before it is sent again; whether one was taken, a person has to look. How the
signature is checked: core/webhook.py.
"""

from ninethirty.core.document import canonical
from ninethirty.core.times import Clock
from ninethirty.core.webhook import HEADER, sign
from ninethirty.desk.outside.notices.port import Notice, Posted, unreadable
from ninethirty.desk.outside.web import ask
from ninethirty.desk.service import Service


class Webhook:
    """The service's token is the secret we sign with; it is never sent."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self._service = service
        self._clock = clock

    def post(self, notice: Notice) -> Posted:
        body = canonical(
            {
                "title": notice.title,
                "text": notice.short,
                "link": notice.link,
                "key": notice.slug,
                "at": notice.at.text(),
                "answers": notice.answers,
            }
        )
        ask(
            "POST",
            self._service.url,
            body=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": notice.slug,
                HEADER: sign(self._service.secret, self._clock.now(), body),
            },
        )
        return Posted(notice.slug)

    def find(self, notice: Notice) -> Posted | None:
        raise unreadable(self._service.url, notice)

    def check(self) -> None:
        """What a stranger's address does with a word that means nothing is not known."""
