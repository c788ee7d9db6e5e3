"""Wake somebody. A page may come twice, so it goes out before it is written down."""

from ninethirty.core.facts import Kind
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.outside.pagers.port import Page
from ninethirty.desk.outside.pagers.printed import Printed
from ninethirty.desk.setup import setup


def page_person(work: Work, about: Kind) -> list[Happened]:
    Printed().page(Page(f"{work.release.id}: {about.says}", f"{work.release.id}/{about}"))
    now = setup().clock().now()
    return [Happened(Kind.PAGED, now, f"paged/{about}", {"about": about.says})]
