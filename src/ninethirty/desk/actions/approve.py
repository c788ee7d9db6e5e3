"""A second person puts their name to the seal, and to the words that readers will see."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import acting, note
from ninethirty.desk.actions.bundle import manifest_of, page_of, words_of


def approve(release: str, seal: str, *, by: str) -> Fact:
    """`seal`: the digest this person looked at; if the bundle has another by now, nothing is done.

    Raises:
        NotAllowed
    """
    with acting(release, Kind.APPROVED, by) as (row, _):
        if row.seal != seal:
            raise NotAllowed(f"{release}: sealed as {row.seal[:12]}…, you looked at {seal[:12]}…")
        words = words_of(page_of(manifest_of(row), seal))
        return note(release, Kind.APPROVED, by, seal=seal, words=words)
