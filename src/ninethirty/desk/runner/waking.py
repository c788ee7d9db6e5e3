"""Reach a person by the second route, past whatever something is stuck in."""

import structlog

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import second_route
from ninethirty.desk.setup import setup

log = structlog.get_logger()


def wake(told: Alert) -> bool:
    """Whether the second route took it."""
    try:
        second_route(setup()).page(told)
    except OutsideFailed as failed:
        log.error("page.not_taken", reason=told.reason, why=str(failed))
        return False
    return True
