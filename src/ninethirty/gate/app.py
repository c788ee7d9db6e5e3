"""The gate's answer to a request at an instant: it asks the core. Nothing else happens at T."""

from ninethirty.core import gate
from ninethirty.core.schedule import Content, Gone, Redirect
from ninethirty.core.times import Instant
from ninethirty.gate import headers, pages
from ninethirty.gate.file import answer_with_file
from ninethirty.gate.kept import Kept
from ninethirty.gate.memory import Memory
from ninethirty.gate.reply import Reply, page
from ninethirty.gate.request import Request
from ninethirty.gate.store import Store


class App:
    """Answers for one store. One per worker process."""

    def __init__(self, store: Store) -> None:
        self.memory = Memory(store)
        self._kept = Kept(store)

    def answer(self, request: Request, now: Instant) -> Reply:
        if request.method not in ("GET", "HEAD"):
            fields = [headers.date(now), ("allow", "GET, HEAD"), headers.NEVER_KEPT]
            return page(405, pages.ONLY_READING, fields)
        shown = self.memory.shown(request.path, now)
        if shown is None:
            # 404, not 403, and the same for every path: nothing tells that a file is waiting.
            lifetime = gate.max_age(now, self.memory.next_opening(now), absent=True)
            return page(404, pages.NOT_FOUND, headers.times(now, lifetime))
        lifetime = gate.max_age(now, shown.change)
        match shown.answer:
            case Redirect(location):
                fields = [*headers.times(now, lifetime), headers.location(location)]
                return page(301, b"", fields)
            case Gone(reason):
                return page(410, pages.withdrawn(reason), headers.times(now, lifetime))
            case Content():
                return answer_with_file(request, now, shown, lifetime, self._kept)
