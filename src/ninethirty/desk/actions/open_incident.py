"""Open the incident: from here on its steps run."""

from ninethirty.core.facts import Kind
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.setup import setup


def open_incident(work: Work) -> list[Happened]:
    return [Happened(Kind.INCIDENT_OPENED, setup().clock().now(), "incident")]
