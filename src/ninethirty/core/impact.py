"""facts -> what it meant, as far as it can be counted: delays, looks that failed, people who asked.

What the figures mean for users is a judgement, and left to people.
"""

from collections import Counter
from collections.abc import Sequence

from ninethirty.core.breach import Field, Gap, Said
from ninethirty.core.delay import delays, in_words
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.particulars import Particulars
from ninethirty.core.sentence import first_at, listed, numbered
from ninethirty.core.times import earliest
from ninethirty.core.watch import ALTERNATE

_WENT_WRONG = (Kind.EARLY, Kind.LATE, Kind.WRONG, Kind.PARTIAL)


def impact(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    told = [*_delays(facts, about)]
    told += [
        Said(f"{one.what}: {one.number:,}, as far as {one.source} can tell.", facts=one.facts)
        for one in about.counted
    ]
    told += _enquiries(facts, about)
    if wrote := numbered(facts, Kind.READER_WROTE):
        told.append(Said(f"Readers who wrote on our own pages: {len(wrote):,}.", facts=wrote))
    told += _not_counted(facts, about)
    return [*told, Gap(" ".join(_left_to_people(facts, about)))]


def _delays(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    found = delays(facts, about.promised.resolve())
    told: list[Field] = []
    if found.anywhere:
        told.append(
            Said(
                f"Delay until it was public at any address: {in_words(found.anywhere)}"
                f" (at {about.alternate}).",
                facts=numbered(facts, Kind.FIRST_SEEN),
            )
        )
    else:
        told.append(Gap("When was it first public at any address?"))
    if found.announced and found.everywhere:
        told.append(
            Said(
                "Delay at the announced address: "
                f"{in_words(found.announced)} for the first of our witnesses, "
                f"{in_words(found.everywhere)} for the last.",
                facts=numbered(facts, Kind.FIRST_SEEN, Kind.SEEN_BY_ALL),
            )
        )
    else:
        told.append(Gap("How long was it missing at the announced address?"))
    return told


def _enquiries(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """Those from T on. That nobody asked is said only where something was found wrong."""
    promised = about.promised.resolve()
    asked = [
        fact for fact in facts if fact.kind is Kind.ENQUIRY_NOTED and earliest(fact.at) >= promised
    ]
    if asked:
        how = Counter(fact.details["how"] for fact in asked)
        ways = listed(f"{count:,} by {way}" for way, count in sorted(how.items()))
        numbers = tuple(fact.n for fact in asked)
        return [Said(f"Enquiries noted from the promised time on: {ways}.", facts=numbers)]
    wrong = numbered(facts, *_WENT_WRONG)
    nobody = "No enquiry by telephone or mail was noted from the promised time on."
    return [Said(nobody, facts=wrong)] if wrong else []


def _not_counted(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """That no number is given must not read as if there had been nobody."""
    wrong, opened = numbered(facts, *_WENT_WRONG), first_at(facts, Kind.FIRST_SEEN, ALTERNATE)
    if not wrong:
        return []
    said = f"We did not count requests of readers at {about.announced} while it failed"
    if opened is None:
        return [Said(f"{said}.", facts=wrong)]
    # Gates count what they answer, all addresses together, and not who reads.
    return [Said(f"{said}, nor readers at {about.alternate}.", facts=(opened.n, *wrong))]


def _left_to_people(facts: Sequence[Fact], about: Particulars) -> list[str]:
    asks = ["Who was affected, and how? A judgement for a person who knows the users."]
    if first_at(facts, Kind.FIRST_SEEN, ALTERNATE):
        asks.append(f"How many read it at {about.alternate}? The logs before our gates can tell.")
    return asks
