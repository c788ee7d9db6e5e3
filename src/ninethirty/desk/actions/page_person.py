"""Wake somebody. A page may come twice, so it goes out before it is written down."""

from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.outside.pagers.printed import Printed


def page_person(work: Work, page: Page, about: str) -> list[Happened]:
    Printed().page(f"{page.to}: {work.release.id}: {about}")
    return [paged(page, about=about)]


def paged(page: Page, **told: str) -> Happened:
    details = {**told, "alarm": page.alarm, "to": page.to}
    return Happened(Kind.PAGED, None, f"page/{page.alarm}/{page.number}", details)
