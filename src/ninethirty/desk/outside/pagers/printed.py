"""The only pager so far: a line on the desk's log. Telephones come with the rota."""

import structlog

log = structlog.get_logger()


class Printed:
    def page(self, reason: str) -> None:
        log.warning("pager.printed", reason=reason)
