"""The gate's answer to a request at an instant: it asks the core. Nothing else happens at T."""

from ninethirty.core import gate, letter
from ninethirty.core.errors import Malformed
from ninethirty.core.schedule import Content, Gone, Redirect
from ninethirty.core.times import Instant
from ninethirty.gate import headers, pages
from ninethirty.gate.file import answer_with_file
from ninethirty.gate.inbox import Inbox, read_letter
from ninethirty.gate.kept import Kept
from ninethirty.gate.memory import Memory
from ninethirty.gate.notes import Notes
from ninethirty.gate.reply import Reply, page
from ninethirty.gate.request import Request
from ninethirty.gate.shown import Shown
from ninethirty.gate.store import Store

_PRIVATE = [headers.NEVER_KEPT, ("referrer-policy", "no-referrer")]
"""A link holds a token: no cache keeps its page, and no other site is told of it."""


class App:
    """Answers for one store. One per worker process."""

    def __init__(self, store: Store, notes: Notes | None = None) -> None:
        self.memory = Memory(store)
        self.notes = notes or Notes(store.folder)
        self._kept = Kept(store)
        self._inbox = Inbox(store.folder)

    def answer(self, request: Request, now: Instant) -> Reply:
        if request.method == "POST" and (heard := self._hear(request, now)):
            return heard
        if request.method not in ("GET", "HEAD"):
            fields = [headers.date(now), ("allow", "GET, HEAD"), headers.NEVER_KEPT]
            return page(405, pages.ONLY_READING, fields)
        if link := letter.read_link(request.path):
            # Mail readers and scanners follow links, so a link alone changes nothing.
            return page(200, pages.asked(link[0]), [headers.date(now), *_PRIVATE])
        shown = self.memory.shown(request.path, now)
        if shown is None:
            # 404, not 403, and the same for every path: nothing tells that a file is waiting.
            self.notes.absent(request.path)
            lifetime = gate.max_age(now, self.memory.next_opening(now), absent=True)
            return page(404, pages.NOT_FOUND, headers.times(now, lifetime))
        reply = self._show(request, now, shown)
        if reply.status < 500:
            self.notes.answered(request.path, shown, now)
        return reply

    def _hear(self, request: Request, now: Instant) -> Reply | None:
        """None: nothing can be posted there. Raises OSError."""
        fields = [headers.date(now), *_PRIVATE]
        try:
            heard = read_letter(request.path, request.body, now)
        except Malformed as wrong:
            return page(400, pages.not_heard(str(wrong)), fields)
        if heard is None:
            return None
        if not self._inbox.put(heard):
            return page(503, pages.NO_ROOM, [*fields, ("retry-after", "600")])
        return page(200, pages.heard(heard.sent), fields)

    def _show(self, request: Request, now: Instant, shown: Shown) -> Reply:
        lifetime = gate.max_age(now, shown.change)
        match shown.answer:
            case Redirect(location):
                fields = [*headers.times(now, lifetime), headers.location(location)]
                return page(301, b"", fields)
            case Gone(reason):
                return page(410, pages.withdrawn(reason), headers.times(now, lifetime))
            case Content():
                return answer_with_file(request, now, shown, lifetime, self._kept)
