"""The producer's statement on a breach: a page of its own, there before the report is sent."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.schedule import Content, Opening
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.reports.act import acting, note
from ninethirty.desk.public.statement import render_statement
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
        now, shelf = setup().clock().now(), setup().shelf()
        page = render_statement(breach, text, setup().producer, now).encode()
        content = Content(shelf.put(page), len(page), "text/html; charset=utf-8")
        path = path_of(reference)
        shelf.publish(f"statement/{reference}", [Opening(path, now, content)], now)
        return note(reference, Kind.STATEMENT_PUBLISHED, by, message=message, path=path)


def path_of(reference: str) -> str:
    return f"/register/{reference}/statement"


def link_of(reference: str) -> str:
    return f"{setup().site}{path_of(reference)}"
