"""What the facts of one release mean to its runbook, kept up one fact at a time.

A fold: the same facts in the same order give the same progress, so a runner may keep it between two
rounds, lose it, and read it anew.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, latest


@dataclass(frozen=True, slots=True)
class Claim:
    """The latest try at a step: whose, and the how-manyeth."""

    step: str
    attempt: int
    runner: str


@dataclass(slots=True)
class Tries:
    """What became of a step so far. unfinished: the latest claim, until somebody says what came of
    it. failed: what came of it, if it failed. An earlier attempt that ends after the latest was
    claimed changes nothing: that one is still under way. in_doubt: an attempt before the latest
    claim, or the one that failed, may have acted, and nobody has found out that none has."""

    claims: int = 0
    failures: int = 0
    unfinished: Claim | None = None
    failed: Fact | None = None
    in_doubt: bool = False

    @property
    def perhaps(self) -> bool:
        """It may have acted."""
        return self.in_doubt or self.unfinished is not None

    def fail(self, fact: Fact) -> None:
        self.failures += 1
        if self.unfinished is None or self.unfinished.attempt != fact.details["attempt"]:
            return
        self.failed, self.unfinished = fact, None
        self.in_doubt |= fact.details.get("perhaps", False)
        # Not there when it was looked for: none of them has.
        self.in_doubt &= not fact.details.get("absent", False)


class Progress:
    """opens: T, if it is known."""

    def __init__(self, facts: Iterable[Fact] = (), opens: Instant | None = None) -> None:
        self.opens = opens
        self.n = 0
        """The last fact taken in."""
        self.of: defaultdict[Kind, list[Fact]] = defaultdict(list)
        self.done: dict[str, Instant] = {}
        self.tries: dict[str, Tries] = {}
        self.pages: defaultdict[str, list[Instant]] = defaultdict(list)
        """When somebody was paged, by alarm."""
        self.acknowledged: dict[str, Instant] = {}
        """When each person last said that they are at it."""
        self.acted: dict[str, Instant] = {}
        """When each actor last did anything."""
        self.promised: Instant | None = None
        """When T was last promised."""
        self.vetoed = False
        """A person has stopped the public steps, and nobody has let them go on."""
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        self.n = fact.n
        self.acted[fact.actor] = fact.recorded
        match fact.kind:
            case Kind.STEP_DONE:
                self.done[fact.details["step"]] = latest(fact.at)
            case Kind.STEP_CLAIMED:
                tries = self._tries(fact)
                tries.claims += 1
                tries.in_doubt = tries.perhaps
                tries.failed = None
                tries.unfinished = Claim(
                    fact.details["step"], fact.details["attempt"], fact.details["runner"]
                )
            case Kind.STEP_FAILED:
                self._tries(fact).fail(fact)
            case Kind.NOT_SAID:
                tries = self._tries(fact)
                tries.failed = tries.unfinished = None
                tries.in_doubt = False
            case Kind.PAGED:
                self.pages[fact.details.get("alarm", "")].append(fact.recorded)
            case Kind.ACKNOWLEDGED:
                self.acknowledged[fact.actor] = fact.recorded
                self.of[fact.kind].append(fact)
            case Kind.ANNOUNCED | Kind.RESCHEDULED:
                self.promised = fact.recorded
                # What was done or given up for one promise is to be done anew for the next. What
                # may have been said is not unsaid by it.
                self.done.clear()
                for tries in self.tries.values():
                    tries.in_doubt = tries.perhaps
                    tries.failed = tries.unfinished = None
                self.of[fact.kind].append(fact)
            case Kind.VETOED | Kind.VETO_LIFTED:
                self.vetoed = fact.kind is Kind.VETOED
                self.of[fact.kind].append(fact)
            case _:
                self.of[fact.kind].append(fact)

    def first(self, kind: Kind, given: tuple[str, str] | None = None) -> Fact | None:
        """The first fact of that kind; of those with that detail, if one is given."""
        # get(): a question must not leave an empty list behind.
        found = self.of.get(kind)
        if not found:
            return None
        if given is None:
            return found[0]
        return next((fact for fact in found if fact.details.get(given[0]) == given[1]), None)

    def last(self, kind: Kind) -> Fact | None:
        """The newest fact of that kind."""
        found = self.of.get(kind)
        return found[-1] if found else None

    def _tries(self, fact: Fact) -> Tries:
        return self.tries.setdefault(fact.details["step"], Tries())
