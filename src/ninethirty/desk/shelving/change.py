"""Change the schedule of a store: one at a time, whole or not at all."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import CannotStart, ScheduleRefused
from ninethirty.core.manifest import Manifest, write_manifest
from ninethirty.core.schedule import Content, Opening, write_document
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.book import Book, Entry, signed_root
from ninethirty.desk.shelving.gates import check_newest
from ninethirty.desk.shelving.note import Note, What, write_note
from ninethirty.desk.shelving.standing import Standing

SITE = "site"
"""The name of the site in a new schedule, unless it is given another."""


@dataclass(frozen=True)
class Change:
    """What a person decides upon: nobody else changes the schedule meanwhile."""

    book: Book
    now: Instant
    site: str
    _shelf: Shelf
    _key: SigningKey

    def put_manifest(self, manifest: Manifest) -> Content:
        """Sign it, and keep it to be published with what it names."""
        signed = write_manifest(manifest, self._key)
        return Content(self._shelf.put(signed), len(signed), "application/json")

    def publish(
        self, name: str, openings: Iterable[Opening], note: Note, *, unread: Collection[str] = ()
    ) -> int:
        """Sign a schedule in which this document says this; its version.

        Raises:
            ScheduleRefused, FileMissing, SealBroken: the schedule in force is as it was.
        """
        openings = list(openings)
        openings = [self._lying(opening) for opening in openings]
        document = digest(write_document(name, openings))
        # Before the schedule: killed in between, we leave a note on a document nobody names.
        self._shelf.put_note(document, write_note(note))
        self._shelf.publish(name, openings, self.now, unread=unread)
        root = self._shelf.root()
        assert root is not None
        return root.version

    def let_in(self, name: str, public: str) -> None:
        self._shelf.let_in(name, public, self.now)

    def shut_out(self, name: str) -> None:
        self._shelf.shut_out(name, self.now)

    def hand_over(self, to: SigningKey) -> None:
        self._shelf.hand_over(to, self.now)

    def _lying(self, opening: Opening) -> Opening:
        content = opening.answer
        if isinstance(content, Content) and not content.lies:
            return replace(opening, answer=self._shelf.prepared(content))
        return opening


def shelf_of(store: Path, key: SigningKey, site: str | None = None) -> Shelf:
    """The store to put files in; made if it is not there.

    Raises:
        CannotStart, WrongKey, Malformed, SealBroken, DrillMixed: it is not one for this key.
        ScheduleRefused: it is the store of another site.
    """
    root = signed_root(store, key.public)
    if root and site and root.site != site:
        raise ScheduleRefused(
            f"{store}: expected the site {site!r}, found {root.site!r}; leave --site out, or name "
            "another --store"
        )
    with _writing(store):
        return Shelf(store, key, site=root.site if root else site or SITE, drill=False)


@contextmanager
def change(
    store: Path, key: SigningKey, clock: Clock, *, site: str | None = None
) -> Iterator[Change]:
    """Raises as `shelf_of` does; OlderVersion: the store is an older copy of itself."""
    with _writing(store), shelf_of(store, key, site).alone("change"):
        # Read again: whoever held the lock before us may have made the first schedule.
        shelf = shelf_of(store, key, site)
        book = Book(store, key)
        check_newest(store, book.root)
        yield Change(book, clock.now(), shelf.site, shelf, key)


def note_on(
    entry: Entry,
    was: Standing,
    what: What,
    *,
    at: Instant,
    public: Instant | None,
    reason: str = "",
) -> Note:
    """That this was done to what stood here. The promise stays as it was told."""
    return Note(
        path=entry.path,
        what=what,
        at=at,
        opens=was.opens,
        zone=was.zone,
        seal=entry.note.seal if entry.note else "",
        public=public,
        reason=reason,
        replaces=entry.object,
    )


@contextmanager
def _writing(store: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        raise CannotStart(
            f"{wrong.filename or store}: {wrong.strerror}; the schedule in force is as it was, "
            "unless ninethirty schedule shows the change"
        ) from wrong
