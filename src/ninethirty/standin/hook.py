"""An address of somebody's that takes a JSON document, and keeps what came with it."""

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import Reply, Request
from ninethirty.standin.log import Log


class Hook:
    def __init__(self, *, clock: Clock, log: Log) -> None:
        self._clock = clock
        self._log = log

    def __call__(self, request: Request) -> Reply:
        document = request.document()
        if request.method != "POST" or document is None:
            return Reply(400, b"a POST with a JSON object is expected\n")
        self._log.write(
            self._clock.now(),
            "post",
            id=document.get("key"),
            text=document.get("reason"),
            body=request.body.decode(),
            headers=dict(request.headers),
        )
        return Reply(204)
