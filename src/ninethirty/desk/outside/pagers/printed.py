"""The twin that only prints: what a desk without a pager has."""

import structlog

from ninethirty.desk.outside.pagers.port import Alert

log = structlog.get_logger()


class Printed:
    def page(self, alert: Alert) -> None:
        log.warning("pager.printed", reason=alert.reason, key=alert.key)
