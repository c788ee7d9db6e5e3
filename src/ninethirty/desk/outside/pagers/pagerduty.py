"""PagerDuty, Events API v2: POST /v2/enqueue."""

from ninethirty.desk.outside.pagers.port import Page
from ninethirty.desk.outside.web import ask
from ninethirty.desk.setup import Service

LONGEST_KEY = 255
LONGEST_SUMMARY = 1024


class PagerDuty:
    """The service's token is the routing key of an integration."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def page(self, page: Page) -> None:
        event: dict[str, object] = {
            "routing_key": self._service.token,
            "event_action": "trigger",
            # Events with one key are one alert, however often they are sent.
            "dedup_key": page.key[:LONGEST_KEY],
            "payload": {
                "summary": page.reason[:LONGEST_SUMMARY],
                "source": "ninethirty",
                "severity": "critical",
            },
        }
        if page.link:
            event["links"] = [{"href": page.link, "text": "Timeline"}]
        ask("POST", f"{self._service.url}/v2/enqueue", json=event)
