"""The producer's statement on a breach: a page of its own, there before the report is sent."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.put_pages import put_pages
from ninethirty.desk.actions.read_site import frame_of
from ninethirty.desk.actions.reports.act import acting, note
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.statement import path_of, statement_page
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.setup import setup


def publish_statement(reference: str, text: str, *, by: str) -> Fact:
    """Through the gate, at /register/REFERENCE/statement; another text takes its place.

    Raises:
        NotAllowed: also without a text.
    """
    if not text.strip():
        raise NotAllowed(f"{reference}: a statement says what happened and what users can do")
    with acting(reference, Kind.STATEMENT_PUBLISHED, by) as (breach, _):
        message = kept(subject_of(reference), Kind.STATEMENT_PUBLISHED, text)
        now, path = setup().clock().now(), path_of(reference)
        shown = Shown(statement_page(frame_of(now), breach, text, now))
        put_pages({f"statement/{reference}": {path: shown}}, now)
        return note(reference, Kind.STATEMENT_PUBLISHED, by, message=message, path=path)


def link_of(reference: str) -> str:
    return f"{setup().site}{path_of(reference)}"
