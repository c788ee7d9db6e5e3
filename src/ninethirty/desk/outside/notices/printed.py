"""The twin that only prints: what a developer without accounts has."""

import structlog

from ninethirty.desk.outside.notices.port import Notice, Posted, unreadable

log = structlog.get_logger()


class Printed:
    def __init__(self, channel: str) -> None:
        self._channel = channel

    def post(self, notice: Notice) -> Posted:
        log.info("notice.printed", channel=self._channel, text=notice.short)
        return Posted(f"printed-{notice.slug}")

    def find(self, notice: Notice) -> Posted | None:
        raise unreadable(f"{self._channel}, which only prints", notice)

    def check(self) -> None: ...
