"""Publish a period report in the register, and link it with the breaches it lists."""

from ninethirty.core.period import Asked, Period
from ninethirty.core.schedule import Content, Opening
from ninethirty.desk.actions.reports.show import TYPES, show_breach
from ninethirty.desk.papers.period import write_period
from ninethirty.desk.papers.write import FORMATS
from ninethirty.desk.public.register import slug
from ninethirty.desk.record.models import Breach, PublishedPeriod
from ninethirty.desk.setup import setup


def show_period(period: Period, *, note: str = "") -> str:
    """Its address. A draft is public too, and says that it is one; the final report of the same
    days takes its place."""
    now, shelf = setup().clock().now(), setup().shelf()
    path = path_of(period.asked)
    openings = []
    for name in FORMATS:
        data = write_period(period, name, note=note)
        content = Content(shelf.put(data), len(data), TYPES[name])
        openings.append(Opening(f"{path}.{name}", now, content))
    shelf.publish(f"period{path.removeprefix('/register')}", openings, now)
    asked = period.asked
    told = f" ({note})" if note else ""
    row, _ = PublishedPeriod.objects.update_or_create(
        path=path, defaults={"title": f"{asked.name}, {asked.first} to {asked.last}{told}"}
    )
    listed = {one.reference for one in period.late if one.reference}
    row.breaches.set(Breach.objects.filter(reference__in=listed))
    for breach in row.breaches.filter(public_version__gt=0).order_by("id"):
        show_breach(breach)
    return f"{setup().site}{path}.html"


def path_of(asked: Asked) -> str:
    return f"/register/periods/{asked.of}-{slug(asked.name)}-{asked.first}-{asked.last}"
