"""Wake somebody. A page may come twice, so it goes out before it is written down."""

from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.desk.actions.acknowledge import link_for
from ninethirty.desk.actions.on_call import on_call
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import first_route
from ninethirty.desk.setup import setup


def page_person(work: Work, page: Page, about: str) -> list[Happened]:
    person = on_call(setup().clock().now()).get(page.to, "")
    first_route(setup(), person).page(alert(work.release.id, page, about, person))
    return [paged(page, about=about, **({"person": person} if person else {}))]


def alert(release: str, page: Page, about: str, person: str = "") -> Alert:
    """In words, with a key of its own, for each page of an alarm goes to somebody else; and with
    the link by which that person answers it."""
    to = f"{page.to}, {person}" if person else page.to
    key = key_of(release, page.alarm, page.number)
    return Alert(f"{to}: {release}: {about}", key, link_for(release, person))


def key_of(release: str, alarm: str, number: int) -> str:
    return f"{release}/{alarm}/{number}"


def paged(page: Page, **told: str) -> Happened:
    details = {**told, "alarm": page.alarm, "to": page.to}
    return Happened(Kind.PAGED, None, f"page/{page.alarm}/{page.number}", details)
