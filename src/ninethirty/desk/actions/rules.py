"""By which rules dates of a series are promised: its producer's, over those of desk.toml."""

from ninethirty.core.errors import CannotStart, UnknownZone
from ninethirty.desk.promises import Promises, read_promises
from ninethirty.desk.record.models import Producer, Series
from ninethirty.desk.setup import setup


def rules_of(series: str) -> Promises:
    """Raises CannotStart: the rules in the producer's row cannot be read."""
    producer = Series.objects.filter(id=series).values_list("producer", flat=True).first()
    row = Producer.objects.filter(id=producer).first()
    return rules_in(row) if row else setup().promises


def rules_in(producer: Producer) -> Promises:
    """Raises CannotStart."""
    try:
        return read_promises(producer.promises, setup().promises)
    except (ValueError, UnknownZone) as wrong:
        raise CannotStart(f"producer {producer.id}: {wrong}") from wrong
