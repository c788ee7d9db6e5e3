"""Close a release of which nothing more is expected."""

from ninethirty.core.facts import Kind
from ninethirty.desk.actions.close import close
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import happened


def finish(work: Work) -> list[Happened]:
    # An attempt before this one may have closed it, and died before it could say so.
    if not happened(work.facts, Kind.CLOSED):
        close(work.release.id, by=f"{RUNNER}book")
    return []
