"""The desk's own store, from which gates pull: objects by digest, and the signed root.

    objects/ab/ab12...      files and documents, locked; lists and keyrings
    root                    the signed root of the schedule
    acknowledged/*.json     which gate stands for which root
    files/, notes/, secret  for the desk alone: where a file lies, what people meant by a document,
                            and what opens both; gates do not take them

Whoever takes the folder, or a copy of it, and not the desk's key, learns counts, sizes and the
names of gates. No Django here: a schedule can be made without a desk's database.
"""

import fcntl
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ninethirty.core.document import Json, SigningKey, digest
from ninethirty.core.errors import FileMissing, ScheduleRefused, SealBroken, WrongKey
from ninethirty.core.keyring import (
    Keyring,
    check_gate_name,
    new_epoch,
    read_keyring,
    seal_keyring,
    write_keyring,
)
from ninethirty.core.schedule import (
    IDENTITY,
    Content,
    Lying,
    Opening,
    Root,
    list_for,
    next_version,
    read_any_document,
    read_document,
    read_list,
    read_root,
    signer,
    write_document,
    write_handover,
    write_list,
    write_root,
)
from ninethirty.core.times import Instant
from ninethirty.desk.disk import OBJECTS, keep, read_object, write
from ninethirty.desk.kept import Files
from ninethirty.desk.secret import NOTE, new_secret, read_secret

_PIECE = 1 << 20
_WRITERS = 8
"""Threads that write documents: most of the time they wait for the disk."""

NOTES = "notes"

Gates = Mapping[str, str]
"""Name -> public key."""


class Shelf:
    """gates: who is let in, and nobody else, from the next schedule on; None: whoever is already.

    Raises:
        WrongKey: it was begun with another key.
    """

    def __init__(
        self,
        folder: Path,
        key: SigningKey,
        *,
        site: str,
        drill: bool,
        gates: Gates | None = None,
    ) -> None:
        self._folder = folder
        self._key = key
        self.site = site
        self._drill = drill
        self._gates = gates
        (folder / OBJECTS).mkdir(parents=True, exist_ok=True)
        with self.alone("secret"):
            secret = read_secret(folder, key)
            if secret is None:
                if self.root():
                    raise WrongKey(
                        f"{folder}/secret is not there, without which nothing sealed here can be "
                        "read; bring it back from a copy of the store"
                    )
                secret = new_secret()
                secret.write(folder, key)
        self._secret = secret
        self._files = Files(folder, secret)

    def put(self, content: bytes) -> str:
        """Keep these bytes; their digest."""
        name = digest(content)
        if not self._files.has(name):
            self._files.put(iter([content]))
        return name

    def put_file(self, source: Path, tell: Callable[[int], None]) -> tuple[str, int]:
        """Keep the bytes of a file, in constant memory; their digest, and how many they are.

        tell: hears of every piece copied, for somebody who waits.
        """

        def pieces() -> Iterator[bytes]:
            with source.open("rb") as content:
                while piece := content.read(_PIECE):
                    yield piece
                    tell(len(piece))

        return self._files.put(pieces())

    def prepared(self, content: Content) -> Content:
        """The same, with where it lies; its smaller encodings are made if they are not yet."""
        return self._files.prepared(content)

    def lies(self, name: str) -> Mapping[str, Lying]:
        """Where the file with this digest lies, by encoding. Raises FileMissing, SealBroken."""
        return self._files.lies(name)

    def put_note(self, document: str, note: bytes) -> None:
        """Keep a note on the document with this digest."""
        place = self._folder / NOTES / self._secret.place(NOTE, document)
        write(place, self._secret.close(NOTE, document, note))

    def read(self, name: str) -> bytes:
        """The file with this digest. Raises FileMissing, or SealBroken if the disk gives back
        other bytes."""
        return self._files.read(name)

    def check(self, name: str, what: str, lying: Lying | None = None) -> None:
        """Raises as `read` does, and names what it is for; in constant memory."""
        try:
            for _ in self._files.pieces(name, lying or self.lies(name)[IDENTITY]):
                pass
        except (FileMissing, SealBroken) as wrong:
            raise type(wrong)(f"{what}: {wrong}") from wrong

    def publish(
        self,
        name: str,
        openings: Iterable[Opening],
        now: Instant,
        *,
        unread: Collection[str] = (),
    ) -> str:
        """Sign a schedule in which this document says this; the digest of its root.

        unread: digests of files that are not read again, since gates hold them already: a hold is
        not refused because our own copy of what it does not touch went bad.

        Raises:
            ScheduleRefused: the document cannot be. FileMissing: it names a file not put here.
        """
        return self.publish_all({name: openings}, now, unread=unread)

    def publish_all(
        self,
        documents: Mapping[str, Iterable[Opening]],
        now: Instant,
        *,
        unread: Collection[str] = (),
    ) -> str:
        """Sign one schedule in which each of these documents says this, so that no gate ever
        stands for some of them alone. Else as `publish`."""
        written = {
            self._secret.opaque(name): write_document(
                name, [self._lying(opening, unread) for opening in openings]
            )
            for name, openings in documents.items()
        }
        with self.alone("root"):
            return self._sign(now, written, self._gates)

    def says(self, name: str) -> tuple[Opening, ...]:
        """What this document says in the schedule signed last; nothing if there is none such."""
        return self.all_say([name])[name]

    def all_say(self, names: Iterable[str]) -> dict[str, tuple[Opening, ...]]:
        """What each of these documents says in the schedule signed last."""
        root, lists, found = self.root(), dict[str, dict[str, str]](), {}
        for name in names:
            opaque = self._secret.opaque(name)
            in_list = root.lists.get(list_for(opaque)) if root else None
            if in_list and in_list not in lists:
                lists[in_list] = self._list(in_list)
            named = lists[in_list].get(opaque) if in_list else None
            found[name] = read_document(name, self._document(opaque, named)) if named else ()
        return found

    def let_in(self, name: str, public: str, now: Instant) -> str:
        """Let a gate read the schedule; the digest of the root that says so.

        Raises:
            Malformed: no such name or key can be.
        """
        check_gate_name(name)
        with self.alone("root"):
            return self._sign(now, {}, {**self.gates(), name: public})

    def shut_out(self, name: str, now: Instant) -> str:
        """From now on this gate can read nothing new; the digest of the root that says so."""
        with self.alone("root"):
            gates = {other: public for other, public in self.gates().items() if other != name}
            return self._sign(now, {}, gates)

    def hand_over(self, to: SigningKey, now: Instant) -> str:
        """From now on another key signs, and this one no more; the digest of the root that says so.

        Killed half-way, either the one or the other key goes on, and this can be done again.
        """
        with self.alone("root"):
            held = self.root()
            if held is None:
                raise ScheduleRefused(
                    f"{self._folder}: nothing was ever signed, so nothing is "
                    "handed over; begin with the new key"
                )
            self._secret.write(self._folder, self._key, to)
            handovers = (*held.handovers, write_handover(self._key, to.public))
            version = next_version(now, held.version)
            signed = write_root(replace(held, version=version, handovers=handovers), to)
            write(self._folder / "root", signed)
            self._secret.write(self._folder, to)
        return digest(signed)

    def gates(self) -> Gates:
        """Who is let in."""
        root = self.root()
        return self._ring(root).publics() if root else {}

    def root(self) -> Root | None:
        """Raises WrongKey if our key has handed over to another."""
        try:
            signed = (self._folder / "root").read_bytes()
        except FileNotFoundError:
            return None
        signs = signer(signed, self._key.public)
        if signs != self._key.public:
            raise WrongKey(
                f"{self._folder}: the key {self._key.public[:12]}… has handed over to "
                f"{signs[:12]}…, which signs now"
            )
        return read_root(signed, signs)

    def acknowledged(self) -> dict[str, int]:
        """Gate -> version of the schedule it stands for."""
        return {word["gate"]: word["version"] for word in self._words()}

    def clocks(self) -> dict[str, str]:
        """Gate -> how far it trusted its clock when it last said so (`core.guard.Trust`)."""
        return {word["gate"]: word["clock"] for word in self._words() if "clock" in word}

    def put_acknowledgement(self, gate: str, said: bytes) -> None:
        """Keep what a gate said that cannot write here itself."""
        place = self._folder / "acknowledged" / f"{gate}.json"
        place.parent.mkdir(exist_ok=True)
        write(place, said)

    def put_letter(self, name: str, letter: bytes) -> None:
        """Keep what a reader wrote, from a gate that cannot write here itself."""
        place = self._folder / "inbox" / name
        place.parent.mkdir(exist_ok=True)
        write(place, letter)

    def letters(self) -> list[Path]:
        """What readers wrote and nobody has taken in yet, each a file to be deleted then."""
        try:
            return sorted(
                place for place in (self._folder / "inbox").iterdir() if place.suffix != ".new"
            )
        except FileNotFoundError:
            return []

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """While this is held nobody else, in any process, changes `what`."""
        with (self._folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _words(self) -> Iterator[Json]:
        """What gates said. A word given with another key than that of the gate that was let in is
        nobody's."""
        gates = self.gates()
        for place in sorted((self._folder / "acknowledged").glob("*.json")):
            word: Json = json.loads(place.read_bytes())
            if gates.get(word["gate"]) == word.get("key"):
                yield word

    def _lying(self, opening: Opening, unread: Collection[str]) -> Opening:
        content = opening.answer
        if not isinstance(content, Content):
            return opening
        if content.digest not in unread:
            known = content.lies.get(IDENTITY)
            self.check(content.digest, opening.path, known)
        return opening if content.lies else replace(opening, answer=self.prepared(content))

    def _sign(self, now: Instant, changed: Mapping[str, bytes], gates: Gates | None) -> str:
        """changed: opaque name -> document. gates: None: as they are."""
        held = self.root()
        lists = dict(held.lists) if held else {}
        ring = self._ring(held) if held else seal_keyring(self.site, {}, (), {})
        publics = ring.publics()
        wanted = publics if gates is None else dict(gates)
        epochs = ring.epochs or (new_epoch(),)
        if any(wanted.get(name) != public for name, public in publics.items()):
            epochs = (*epochs, new_epoch())
            changed = {**self._unopened(lists, now), **changed}
        keyring = held.keyring if held else ""
        if not keyring or wanted != publics or epochs != ring.epochs:
            keys = {epoch: self._secret.site_key(epoch) for epoch in epochs}
            ring = seal_keyring(self.site, keys, epochs, wanted)
            keyring = self._keep(write_keyring(ring))
        epoch = epochs[-1]
        with ThreadPoolExecutor(_WRITERS) as writers:
            # All documents lie on the disk before a list names them, and all lists before the root.
            locked = [self._secret.lock_document(epoch, *one) for one in changed.items()]
            kept = dict(zip(changed, writers.map(self._keep, locked), strict=True))
            named = {
                in_list: write_list((self._list(lists[in_list]) if in_list in lists else {}) | new)
                for in_list, new in _by_list(kept).items()
            }
            lists |= dict(zip(named, writers.map(self._keep, named.values()), strict=True))
        version = next_version(now, held.version if held else 0)
        handovers = held.handovers if held else ()
        root = Root(self.site, version, self._drill, lists, keyring, handovers)
        signed = write_root(root, self._key)
        write(self._folder / "root", signed)
        return digest(signed)

    def _unopened(self, lists: Mapping[str, str], now: Instant) -> dict[str, bytes]:
        """Documents that say something of what is to come."""
        found: dict[str, bytes] = {}
        for listed in lists.values():
            for opaque, named in self._list(listed).items():
                document = self._document(opaque, named)
                if any(opening.opens > now for opening in read_any_document(document)[1]):
                    found[opaque] = document
        return found

    def _document(self, opaque: str, named: str) -> bytes:
        return self._secret.open_document(opaque, read_object(self._folder, named))

    def _list(self, named: str) -> dict[str, str]:
        return read_list(read_object(self._folder, named))

    def _ring(self, root: Root) -> Keyring:
        return read_keyring(read_object(self._folder, root.keyring))

    def _keep(self, content: bytes) -> str:
        return keep(self._folder, [content])


def _by_list(documents: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for opaque, named in documents.items():
        found.setdefault(list_for(opaque), {})[opaque] = named
    return found
