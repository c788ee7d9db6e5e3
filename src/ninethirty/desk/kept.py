"""Files as they lie on a shelf: locked, known by the digest of their plain bytes.

files/ab12...           where one lies, in which encodings, under which keys; itself locked
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from ninethirty.core.document import Json, canonical, parse
from ninethirty.core.errors import FileMissing, Malformed, SealBroken
from ninethirty.core.locked import LOCKED_CHUNK_BYTES, Lock, chunks_of, locked_size, new_key
from ninethirty.core.schedule import IDENTITY, Content, Lying, read_lying
from ninethirty.desk.disk import keep, place_of, write
from ninethirty.desk.secret import Secret
from ninethirty.desk.squeeze import squeezed, worth_squeezing

FOLDER = "files"
_KIND = "file"


class Files:
    """The files on one shelf."""

    def __init__(self, shelf: Path, secret: Secret) -> None:
        self._shelf = shelf
        self._secret = secret

    def put(self, pieces: Iterator[bytes]) -> tuple[str, int]:
        """Keep these bytes, in constant memory; their digest, and how many they are."""
        key, found, size_bytes = new_key(), sha256(), 0

        def heard() -> Iterator[bytes]:
            nonlocal size_bytes
            for piece in pieces:
                found.update(piece)
                size_bytes += len(piece)
                yield piece

        kept = keep(self._shelf, Lock(key).close(heard()))
        name = found.hexdigest()
        if self.has(name):
            place_of(self._shelf, kept).unlink()
        else:
            lies = {IDENTITY: Lying(kept, key.hex(), size_bytes)}
            self._describe(name, lies, squeezed=False)
        return name, size_bytes

    def has(self, name: str) -> bool:
        """Does it lie here in full? It is not read through."""
        if not self._place(name).exists():
            return False
        try:
            return all(
                place_of(self._shelf, one.object).stat().st_size == locked_size(one.size_bytes)
                for one in self.lies(name).values()
            )
        except (FileNotFoundError, SealBroken):
            return False

    def lies(self, name: str) -> Mapping[str, Lying]:
        """Where the file with this digest lies, by encoding. Raises FileMissing, SealBroken."""
        return read_lying(self._description(name)["lies"])

    def prepared(self, content: Content) -> Content:
        """The same, with where it lies; made smaller first if that was not tried yet.

        Raises:
            FileMissing, SealBroken.
        """
        description = self._description(content.digest)
        lies = read_lying(description["lies"])
        if not worth_squeezing(content):
            lies = {IDENTITY: lies[IDENTITY]}
        elif not description["squeezed"]:
            for encoding, smaller in squeezed(self.read(content.digest)).items():
                lies[encoding] = self._keep(iter([smaller]), len(smaller))
            self._describe(content.digest, lies, squeezed=True)
        return Content(content.digest, content.size_bytes, content.media_type, lies)

    def read(self, name: str) -> bytes:
        return b"".join(self.pieces(name, self.lies(name)[IDENTITY]))

    def pieces(self, name: str, lying: Lying) -> Iterator[bytes]:
        """The plain bytes of the file with this digest, which lies there, in constant memory.

        Raises FileMissing, SealBroken.
        """
        lock, count = Lock(bytes.fromhex(lying.key)), chunks_of(lying.size_bytes)
        found = sha256()
        try:
            with place_of(self._shelf, lying.object).open("rb") as locked:
                for number in range(count):
                    chunk = locked.read(LOCKED_CHUNK_BYTES)
                    plain = lock.open_chunk(number, chunk, last=number == count - 1)
                    found.update(plain)
                    yield plain
        except FileNotFoundError as missing:
            raise FileMissing(f"{name[:12]}…: not on the shelf {self._shelf}") from missing
        except SealBroken as broken:
            place = place_of(self._shelf, lying.object)
            raise SealBroken(f"{name[:12]}…: {broken}, in {place}") from broken
        if found.hexdigest() != name:
            raise SealBroken(f"kept as {name[:12]}…, found {found.hexdigest()[:12]}…")

    def _keep(self, pieces: Iterator[bytes], size_bytes: int) -> Lying:
        key = new_key()
        return Lying(keep(self._shelf, Lock(key).close(pieces)), key.hex(), size_bytes)

    def _describe(self, name: str, lies: Mapping[str, Lying], *, squeezed: bool) -> None:
        words: Json = {
            "lies": {
                encoding: {"object": one.object, "key": one.key, "size_bytes": one.size_bytes}
                for encoding, one in lies.items()
            },
            "squeezed": squeezed,
        }
        write(self._place(name), self._secret.close(_KIND, name, canonical(words)))

    def _description(self, name: str) -> Json:
        try:
            closed = self._place(name).read_bytes()
        except FileNotFoundError as missing:
            raise FileMissing(f"{name[:12]}…: not on the shelf {self._shelf}") from missing
        match parse(self._secret.open(_KIND, name, closed)):
            case {"lies": {"identity": _}, "squeezed": bool()} as words:
                return dict(words)
            case _:
                raise Malformed(f"{self._place(name)}: says not where a file lies")

    def _place(self, name: str) -> Path:
        place = self._secret.place(_KIND, name)
        return self._shelf / FOLDER / place[:2] / place
