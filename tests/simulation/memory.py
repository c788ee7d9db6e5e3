"""A record in memory; tests/desk/test_record_contract.py holds it to what the real one does."""

from collections.abc import Mapping, Sequence

from ninethirty.core.errors import AlreadyHappened, ChainBroken
from ninethirty.core.facts import Fact, link
from ninethirty.core.times import Instant
from ninethirty.desk.record.facts import New


class Memory:
    def __init__(self) -> None:
        self._facts: dict[str, list[Fact]] = {}
        self._keys: set[str] = set()
        self._hashes: dict[str, list[str]] = {}

    def append_all(self, news: Sequence[New], *, actor: str, recorded: Instant) -> list[Fact]:
        written: list[Fact] = []
        keys: set[str] = set()
        ends: dict[str, int] = {}
        for new in news:
            n = ends.get(new.subject, len(self._facts.get(new.subject, ()))) + 1
            ends[new.subject] = n
            key = new.key or f"{new.subject}#{n}"
            if key in self._keys or key in keys:
                raise AlreadyHappened(f"{key} is recorded already")
            keys.add(key)
            written.append(
                Fact(
                    new.subject, n, new.kind, new.at, recorded, actor, key, new.details, new.said_by
                )
            )
        self._keys |= keys
        for fact in written:
            self._facts.setdefault(fact.subject, []).append(fact)
            hashes = self._hashes.setdefault(fact.subject, [])
            hashes.append(link(hashes[-1] if hashes else "", fact))
        return written

    def facts_of(self, subject: str, *, after: int = 0) -> list[Fact]:
        return self._facts.get(subject, [])[after:]

    def facts_after(self, positions: Mapping[str, int]) -> dict[str, list[Fact]]:
        found = {subject: self.facts_of(subject, after=n) for subject, n in positions.items()}
        return {subject: facts for subject, facts in found.items() if facts}

    def check_chain(self, subject: str) -> int:
        """Raises ChainBroken."""
        facts, hashes = self._facts.get(subject, []), self._hashes.get(subject, [])
        previous = ""
        for n, (fact, hashed) in enumerate(zip(facts, hashes, strict=True), start=1):
            if fact.n != n:
                raise ChainBroken(f"{subject}: fact {n} is missing")
            previous = link(previous, fact)
            if hashed != previous:
                raise ChainBroken(f"{subject}: fact {n} is not what was recorded")
        return len(facts)
