"""GOV.UK Notify, as far as text messages and mail from one template go."""

import base64
import json

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.log import Log

SERVICE = "00000000-0000-4000-8000-000000000001"
TEMPLATE = "00000000-0000-4000-8000-000000000002"
KINDS = {"sms": "phone_number", "email": "email_address"}


class Notify:
    """It looks at who signed the token, and takes the signature as it is."""

    def __init__(self, *, clock: Clock, log: Log) -> None:
        self._clock = clock
        self._log = log

    def __call__(self, request: Request) -> Reply:
        if _issuer(request) != SERVICE:
            return _error(403, "AuthError", "Invalid token: service not found")
        if request.method == "GET" and request.path == f"/v2/template/{TEMPLATE}":
            return as_json(200, {"id": TEMPLATE, "type": "sms", "version": 1})
        kind = request.path.removeprefix("/v2/notifications/")
        document = request.document() or {}
        if request.method != "POST" or kind not in KINDS:
            return _error(404, "NoResultFound", "No result found")
        if document.get("template_id") != TEMPLATE:
            return _error(400, "BadRequestError", "Template not found")
        if not document.get(KINDS[kind]):
            return _error(400, "ValidationError", f"{KINDS[kind]} is a required property")
        told = document.get("personalisation", {})
        self._log.write(
            self._clock.now(),
            "post",
            id=document.get("reference"),
            text=told.get("reason"),
            to=document[KINDS[kind]],
            told=told,
        )
        return as_json(201, {"id": "1", "reference": document.get("reference")})


def _issuer(request: Request) -> str:
    try:
        payload = request.headers["authorization"].removeprefix("Bearer ").split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        return str(json.loads(base64.urlsafe_b64decode(padded))["iss"])
    except (KeyError, IndexError, ValueError):
        return ""


def _error(status: int, name: str, message: str) -> Reply:
    body = {"status_code": status, "errors": [{"error": name, "message": message}]}
    return as_json(status, body)
