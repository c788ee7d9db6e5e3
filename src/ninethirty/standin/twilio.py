"""Twilio, as far as sending text messages and making calls goes."""

from urllib.parse import parse_qs

from ninethirty.core.times import Clock
from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.log import Log

SID = "AC00000000000000000000000000000000"
API = f"/2010-04-01/Accounts/{SID}"
SAYS = {f"{API}/Messages.json": "Body", f"{API}/Calls.json": "Twiml"}


class Twilio:
    def __init__(self, *, token: str, clock: Clock, log: Log) -> None:
        self._token = token
        self._clock = clock
        self._log = log

    def __call__(self, request: Request) -> Reply:
        if not carries(request, self._token, basic=True):
            return _error(401, 20003, "Authenticate")
        if request.method == "GET" and request.path == f"{API}.json":
            return as_json(200, {"sid": SID, "status": "active"})
        if request.method != "POST" or request.path not in SAYS:
            return _error(404, 20404, "The requested resource was not found")
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        words = form.get(SAYS[request.path], "")
        if not words or len(words) > 1600:
            return _error(400, 21602, "Message body is required, of at most 1600 characters")
        if not all(form.get(name, "").startswith("+") for name in ("To", "From")):
            return _error(400, 21211, "Invalid 'To' Phone Number")
        self._log.write(self._clock.now(), "post", id=None, text=words, to=form["To"])
        return as_json(201, {"sid": "SM1", "status": "queued"})


def _error(status: int, code: int, message: str) -> Reply:
    return as_json(status, {"code": code, "message": message, "status": status})
