"""Publish a report in the register."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.report import Stage
from ninethirty.desk.actions.reports.act import acting, note, version_of
from ninethirty.desk.actions.reports.show import show_breaches
from ninethirty.desk.setup import setup


def publish_report(reference: str, *, by: str) -> Fact:
    """The version that was accepted; where no body is configured, the one that was signed.

    Raises:
        NotAllowed: also before a body has accepted it, if there is one to ask.
    """
    with acting(reference, Kind.REPORT_PUBLISHED, by) as (breach, _):
        if breach.stage == Stage.SIGNED and setup().reports.bodies:
            raise NotAllowed(f"{reference}: no body has accepted it yet; submit it")
        version = version_of(breach)
        fact = note(reference, Kind.REPORT_PUBLISHED, by, version=version.n, digest=version.digest)
        breach.public_version = version.n
        breach.save(update_fields=["public_version"])
        show_breaches([breach])
        return fact
