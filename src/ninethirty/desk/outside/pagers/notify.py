"""A text message by GOV.UK Notify, through its own client: POST /v2/notifications/sms.

docs.notifications.service.gov.uk, Python client 13, as of 2026-11. Notify sends approved templates
alone: ours has the fields ((reason)) and ((link)).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.outside import web
from ninethirty.desk.outside.pagers.port import Alert


class Notify:
    """token: an API key. template: the id of an approved template. to: telephone numbers."""

    def __init__(self, url: str, token: str, *, template: str, to: tuple[str, ...]) -> None:
        self._client = NotificationsAPIClient(token, base_url=url, timeout=web.TIMEOUT)
        self._client.request_session.trust_env = False
        self._url = url
        self._template = template
        self._to = to

    def page(self, alert: Alert) -> None:
        for number in self._to:
            with self._explained():
                self._client.send_sms_notification(
                    phone_number=number,
                    template_id=self._template,
                    personalisation={"reason": alert.reason, "link": alert.link},
                    reference=alert.key,
                )

    def check(self) -> None:
        with self._explained():
            self._client.get_template(self._template)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except APIError as no:
            if no.response is None:
                why = type(no.__cause__).__name__
                raise OutsideFailed(
                    f"{self._url}: {why}", retry=True, happened_perhaps=True
                ) from no
            code = no.status_code
            raise OutsideFailed(
                f"{self._url}: answered {code}: {no.message}",
                retry=code in (408, 429) or code >= 500,
                happened_perhaps=code >= 500,
            ) from no
