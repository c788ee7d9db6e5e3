"""The twin that only prints: what a desk without a pager has."""

import structlog

from ninethirty.desk.outside.pagers.port import Page

log = structlog.get_logger()


class Printed:
    def page(self, page: Page) -> None:
        log.warning("pager.printed", reason=page.reason, key=page.key)
