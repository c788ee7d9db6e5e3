"""GOV.UK Notify, as far as text messages and mail from one template go."""

import base64
import hmac
import json

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.log import Log

SERVICE = "00000000-0000-4000-8000-000000000001"
SIGNED_WITH = "00000000-0000-4000-8000-000000000003"
TEMPLATE = "00000000-0000-4000-8000-000000000002"
KINDS = {"sms": "phone_number", "email": "email_address"}


class Notify:
    """Takes tokens signed with SIGNED_WITH (RFC 7519, HS256) in the name of SERVICE."""

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
    """Empty for a token that is not signed as it must be."""
    try:
        token = request.headers["authorization"].removeprefix("Bearer ")
        signed, _, signature = token.rpartition(".")
        wanted = hmac.digest(SIGNED_WITH.encode(), signed.encode(), "sha256")
        if not hmac.compare_digest(wanted, _decoded(signature)):
            return ""
        return str(json.loads(_decoded(signed.split(".")[1]))["iss"])
    except (KeyError, IndexError, ValueError):
        return ""


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _error(status: int, name: str, message: str) -> Reply:
    body = {"status_code": status, "errors": [{"error": name, "message": message}]}
    return as_json(status, body)
