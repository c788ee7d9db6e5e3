"""PagerDuty's Events API v2: events with one key are one alert."""

import threading

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.log import Log


class PagerDuty:
    """`token` is the routing key of its one integration. An alert is logged once; what repeats it
    is logged as a repeat."""

    def __init__(self, *, token: str, clock: Clock, log: Log) -> None:
        self._token = token
        self._clock = clock
        self._log = log
        self._open: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        if (request.method, request.path) != ("POST", "/v2/enqueue"):
            return _invalid(404, f"nothing at {request.path}")
        match request.document():
            case {"routing_key": str(key)} if key != self._token:
                return _invalid(400, "routing_key is not of an integration")
            case {
                "routing_key": str(),
                "event_action": "trigger",
                "dedup_key": str(dedup),
                "payload": {
                    "summary": str(summary),
                    "source": str(),
                    "severity": "critical" | "error" | "warning" | "info",
                },
            } if summary and len(summary) <= 1024 and len(dedup) <= 255:
                return self._trigger(dedup, summary)
            case _:
                return _invalid(
                    400, "'payload.summary', 'source' or 'severity' is missing or wrong"
                )

    def _trigger(self, dedup: str, summary: str) -> Reply:
        with self._lock:
            what = "repeat" if dedup in self._open else "post"
            self._open.add(dedup)
            self._log.write(self._clock.now(), what, id=dedup, text=summary)
        return as_json(202, {"status": "success", "message": "Event processed", "dedup_key": dedup})


def _invalid(status: int, why: str) -> Reply:
    body = {"status": "invalid event", "message": "Event object is invalid", "errors": [why]}
    return as_json(status, body)
