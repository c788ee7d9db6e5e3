"""PagerDuty, Events API v2: POST /v2/enqueue.

developer.pagerduty.com: "Send an Alert Event", as of 2026-11.
"""

from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.web import ask
from ninethirty.desk.service import Service

LONGEST_KEY = 255
LONGEST_SUMMARY = 1024


class PagerDuty:
    """The service's token is the routing key of an integration."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def page(self, alert: Alert) -> None:
        event: dict[str, object] = {
            "routing_key": self._service.secret,
            "event_action": "trigger",
            # Events with one key are one alert, however often they are sent.
            "dedup_key": alert.key[:LONGEST_KEY],
            "payload": {
                "summary": alert.reason[:LONGEST_SUMMARY],
                "source": "ninethirty",
                "severity": "info" if alert.test else "critical",
            },
        }
        if alert.link:
            event["links"] = [{"href": alert.link, "text": "I am at it"}]
        ask("POST", f"{self._service.url}/v2/enqueue", json=event)
