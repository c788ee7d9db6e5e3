"""What the signed schedule of a store says, to whoever has the desk's key.

Objects are never changed, so a book read once stays as it was while others go on writing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import (
    CannotStart,
    DrillMixed,
    FileMissing,
    Malformed,
    PathTaken,
    ScheduleRefused,
    SealBroken,
    WrongKey,
)
from ninethirty.core.keyring import read_keyring
from ninethirty.core.schedule import (
    Opening,
    Root,
    check_path,
    read_document,
    read_list,
    read_root,
)
from ninethirty.desk.disk import read_object
from ninethirty.desk.secret import Secret, new_secret, read_secret
from ninethirty.desk.shelving.note import Note, read_note

_OURS = "sealed"
"""Documents made by sealing a folder are named sealed/statistics/x; a desk makes others."""


@dataclass(frozen=True)
class Entry:
    """One document of the schedule, and the note on it.

    document: its digest, which the note goes by. object: what it lies as; another one after a gate
    was shut out.
    """

    name: str
    document: str
    object: str
    openings: tuple[Opening, ...]
    note: Note | None

    @property
    def ours(self) -> bool:
        """Made by sealing a folder; not by a desk, which keeps a record of its own."""
        return is_ours(self.name)

    @property
    def path(self) -> str:
        """Where its page is."""
        if self.ours:
            return path_of(self.name)
        if self.note:
            return self.note.path
        return min((opening.path for opening in self.openings), key=len, default="")


class Book:
    """Read a store.

    Raises:
        CannotStart: that is not a store. WrongKey, Malformed, SealBroken: its schedule is not one
        signed by the key we trust. DrillMixed: it belongs to a drill.
    """

    def __init__(self, store: Path, key: SigningKey) -> None:
        self.store = store
        self.root = signed_root(store, key.public)
        self._secret = secret_of(store, key)
        self.documents: Mapping[str, str] = {
            self._secret.name(opaque): named
            for listed in (self.root.lists.values() if self.root else ())
            for opaque, named in read_list(read_object(store, listed)).items()
        }

    @property
    def version(self) -> int:
        """0 if nothing was ever signed."""
        return self.root.version if self.root else 0

    @property
    def gates(self) -> dict[str, str]:
        """Which may read the schedule: name -> public key."""
        if self.root is None:
            return {}
        return read_keyring(read_object(self.store, self.root.keyring)).publics()

    def entry(self, name: str) -> Entry:
        return self._entry(name, self.documents[name])

    def entries(self) -> Iterator[Entry]:
        return map(self.entry, sorted(self.documents))

    def sealed_at(self, path: str) -> Entry | None:
        """What was sealed for this path, by folder."""
        name = document_name(path)
        return self.entry(name) if name in self.documents else None

    def find(self, path: str) -> Entry:
        """The document whose page is at this path.

        Raises:
            ScheduleRefused: none is; says what the path is part of, or which is nearly the same.
        """
        check_address(path)
        entry = self.sealed_at(path)
        if entry:
            return entry
        for candidate in self._candidates({path}):
            if path == candidate.path:
                return candidate
            if path in {opening.path for opening in candidate.openings}:
                raise ScheduleRefused(
                    f"{path} is a part of {candidate.path}, which is held or withdrawn as a "
                    f"whole: say {candidate.path}"
                )
        paths = [path_of(name) for name in self.documents if is_ours(name)]
        near = get_close_matches(path, paths, n=1)
        raise ScheduleRefused(
            f"{path}: expected a path of the schedule, found that {self.store} has none such"
            + (f"; did you mean {near[0]}?" if near else "; see: ninethirty schedule")
        )

    def check_free(self, paths: Iterable[str], *, but: str) -> None:
        """Raises PathTaken if a document other than `but` claims one of these paths."""
        wanted = set(paths)
        for entry in self._candidates(wanted):
            taken = wanted & {opening.path for opening in entry.openings}
            if entry.name != but and taken:
                raise PathTaken(
                    f"{min(taken)}: expected a free path, found that it belongs to "
                    f"{entry.path if entry.ours else entry.name}; "
                    "choose another --path or name, or seal it as a file of that release"
                )

    def former(self, entry: Entry) -> Iterator[Entry]:
        """What stood there before, latest first."""
        seen = {entry.object}
        while entry.note and entry.note.replaces and entry.note.replaces not in seen:
            seen.add(entry.note.replaces)
            try:
                entry = self._entry(entry.name, entry.note.replaces)
            except FileMissing:
                return  # A store may be copied without what is no longer in force.
            yield entry

    def _entry(self, name: str, named: str) -> Entry:
        locked = read_object(self.store, named)
        data = self._secret.open_document(self._secret.opaque(name), locked)
        document = digest(data)
        note = read_note(self.store, document, self._secret)
        return Entry(name, document, named, read_document(name, data), note)

    def _candidates(self, paths: set[str]) -> Iterator[Entry]:
        """Documents that may name one of these paths. A store may hold a hundred thousand; one
        sealed by folder names no path that is not below its own."""
        for name in sorted(self.documents):
            root = path_of(name).rstrip("/")
            below = any(path == root or path.startswith(f"{root}/") for path in paths)
            if below or not is_ours(name):
                yield self.entry(name)


def secret_of(store: Path, key: SigningKey) -> Secret:
    """Raises CannotStart if it is lost, WrongKey if it is another key's."""
    secret = read_secret(store, key)
    if secret is None and (store / "root").exists():
        raise CannotStart(
            f"{store}/secret is not there, without which nothing sealed here can be read; bring "
            "it back from a copy of the store"
        )
    return secret or new_secret()


def check_begun(store: Path, trusted_key: str) -> None:
    """Raises ScheduleRefused if nothing was ever sealed into this store, which is not made."""
    if signed_root(store, trusted_key) is None:
        found = "a folder without one" if store.is_dir() else "nothing there"
        raise ScheduleRefused(
            f"{store}: expected a store with a schedule, found {found}; is --store right?"
        )


def let_in(store: Path, trusted_key: str) -> dict[str, str]:
    """Which gates may read the schedule: name -> public key. Raises as Book does."""
    root = signed_root(store, trusted_key)
    return read_keyring(read_object(store, root.keyring)).publics() if root else {}


def document_name(path: str) -> str:
    return f"{_OURS}{path}"


def path_of(name: str) -> str:
    """Of a document of ours, where its page is."""
    return name.removeprefix(_OURS)


def is_ours(name: str) -> bool:
    return name.startswith(f"{_OURS}/")


def check_address(path: str) -> None:
    """Raises ScheduleRefused unless this is how a path on the site is written."""
    if "://" in path:
        raise ScheduleRefused(f"{path!r}: expected a path such as /statistics/x, found an address")
    if len(path) > 1 and path.endswith("/"):
        raise ScheduleRefused(f"{path!r}: expected no / at the end; say {path.rstrip('/') or '/'}")
    check_path(path)


def signed_root(store: Path, trusted_key: str) -> Root | None:
    """The root of the schedule in force; None if nothing was ever signed. Raises as Book does."""
    if (store / "index.sqlite3").exists():
        raise CannotStart(
            f"{store} is the store of a gate; expected the desk's, which that gate takes its "
            "schedule --from"
        )
    if store.exists() and not store.is_dir():
        raise CannotStart(f"{store}: expected a folder, found a file")
    place = store / "root"
    try:
        root = read_root(place.read_bytes(), trusted_key)
    except FileNotFoundError:
        return None
    except OSError as wrong:
        raise CannotStart(f"{place} cannot be read: {wrong.strerror}") from wrong
    except WrongKey as wrong:
        raise WrongKey(
            f"{store} belongs to another key: {wrong}; name the key it was begun with"
        ) from wrong
    except (SealBroken, Malformed) as wrong:
        raise type(wrong)(
            f"{place} is not as it was signed ({wrong}); bring it back from a copy of the store"
        ) from wrong
    if root.drill:
        raise DrillMixed(f"{store}: expected a real schedule, found one of a drill")
    return root
