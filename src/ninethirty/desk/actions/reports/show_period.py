"""Publish a period report in the register with its charts, linked with the breaches it lists."""

from ninethirty.core.period import Asked, Period
from ninethirty.desk.actions.put_pages import put_pages
from ninethirty.desk.actions.read_site import frame_of
from ninethirty.desk.actions.reports.show import TYPES, show_breaches
from ninethirty.desk.papers.period import write_period
from ninethirty.desk.papers.write import FORMATS
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.punctuality import period_page
from ninethirty.desk.public.register import slug
from ninethirty.desk.record.kept import kept
from ninethirty.desk.record.models import Breach, PublishedPeriod
from ninethirty.desk.setup import setup


def show_period(period: Period, *, note: str = "") -> str:
    """Its address. A draft is public too, and says that it is one; the final report of the same
    days takes its place."""
    now = setup().clock().now()
    asked, path = period.asked, path_of(period.asked)
    papers = {f"{path}.{name}": write_period(period, name, note=note) for name in FORMATS}
    causes = {cause: cause.replace("_", " ") for cause in period.causes}
    page = period_page(frame_of(now), path, period, list(kept(asked)), causes, list(papers))
    files = {path: Shown(page)}
    for name, paper in papers.items():
        files[name] = Shown(paper, TYPES[name.rpartition(".")[2]])
    put_pages({f"period{path.removeprefix('/register/periods')}": files}, now)
    told = f" ({note})" if note else ""
    row, _ = PublishedPeriod.objects.update_or_create(
        path=path, defaults={"title": f"{asked.name}, {asked.first} to {asked.last}{told}"}
    )
    listed = {one.reference for one in period.late if one.reference}
    row.breaches.set(Breach.objects.filter(reference__in=listed))
    for breach in row.breaches.filter(public_version__gt=0).order_by("id"):
        show_breaches([breach])
    return f"{setup().site}{path}"


def path_of(asked: Asked) -> str:
    return f"/register/periods/{asked.of}-{slug(asked.name)}-{asked.first}-{asked.last}"
