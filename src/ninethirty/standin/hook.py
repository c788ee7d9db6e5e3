"""An address of somebody's that takes a JSON document, and keeps what came with it.

Of two with one Idempotency-Key the second is logged as a repeat, and taken for the first.
"""

import threading

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import Reply, Request
from ninethirty.standin.log import Log


class Hook:
    def __init__(self, *, clock: Clock, log: Log) -> None:
        self._clock = clock
        self._log = log
        self._keys: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        document = request.document()
        if request.method != "POST" or document is None:
            return Reply(400, b"a POST with a JSON object is expected\n")
        key = request.headers.get("idempotency-key")
        with self._lock:
            what = "repeat" if key in self._keys else "post"
            self._keys |= {key} if key else set()
        self._log.write(
            self._clock.now(),
            what,
            id=document.get("key"),
            text=document.get("reason", document.get("text")),
            reply_to=document.get("answers"),
            body=request.body.decode(),
            headers=dict(request.headers),
        )
        return Reply(204)
