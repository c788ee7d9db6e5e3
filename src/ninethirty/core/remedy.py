"""facts -> what was done, in sentences: another address, users told, fixes, the watch after."""

from collections.abc import Sequence

from ninethirty.core.breach import Field, Gap, Said
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.particulars import Particulars
from ninethirty.core.sentence import (
    clock,
    first,
    first_at,
    listed,
    numbered,
    one_after_another,
    quoted,
    told_users,
)
from ninethirty.core.times import Instant, at_local, latest
from ninethirty.core.watch import ALTERNATE


def remedies(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    told: list[Field] = []
    verified = first(facts, Kind.ALTERNATE_VERIFIED)
    opened = first_at(facts, Kind.FIRST_SEEN, ALTERNATE)
    if verified and opened:
        told.append(
            Said(
                f"The release was open at {about.alternate} by {clock(opened, about.promised)}; "
                f"witnesses checked it whole at {clock(verified, about.promised)}.",
                facts=(opened.n, verified.n),
            )
        )
    else:
        told.append(Gap("At which other address could users get it, and from when?"))
    if copied := first(facts, Kind.UPLOAD_VERIFIED):
        told.append(
            Said(
                "A person put a copy on another page of the platform; witnesses checked it by "
                f"{clock(copied, about.promised)}.",
                facts=numbered(facts, Kind.UPLOADED, Kind.UPLOAD_VERIFIED),
            )
        )
    late = told_users(facts, "late")
    if late:
        last = max(late, key=lambda fact: latest(fact.at))
        channels = listed(_CHANNELS[fact.details["channel"]] for fact in late)
        told.append(
            Said(
                f"Users were told by {clock(last, about.promised)} on {channels}.",
                facts=tuple(fact.n for fact in late),
            )
        )
    else:
        told.append(Gap("When and where were users told?"))
    again = told_users(facts, "update")
    if again:
        last = max(again, key=lambda fact: latest(fact.at))
        told.append(
            Said(
                f"They were told there again by {clock(last, about.promised)}, as it went on.",
                facts=tuple(fact.n for fact in again),
            )
        )
    back = told_users(facts, "recovered")
    if back:
        told.append(
            Said(
                "They were told there too when the announced address worked.",
                facts=tuple(fact.n for fact in back),
            )
        )
    return [
        *told,
        *_fixes(facts, about),
        *_watch(facts, about.promised.zone),
        *_done(about),
        *([] if about.planned or about.done else [Gap(_ASKS)]),
    ]


def _done(about: Particulars) -> list[Field]:
    return [
        Said(
            f"Done on {at_local(one.at, about.promised.zone):%-d %B %Y}: "
            f"{one.what.rstrip('.')}. What shows it: {one.evidence}"
        )
        for one in about.done
    ]


def _fixes(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    reported = one_after_another(facts, Kind.FIX_REPORTED, about)
    if not reported:
        return [Gap("What has the platform done so that it does not come back?")]
    return [
        Said(
            f"The platform reported a{'nother' if fact is not reported[0] else ''} fix at "
            f"{clock(fact, about.promised)}: {quoted(fact, about)}",
            facts=(fact.n,),
        )
        for fact in reported
    ]


def _watch(facts: Sequence[Fact], zone: str) -> list[Field]:
    """The days after the fix, as far as they have come."""
    begun, ended = first(facts, Kind.WATCH_BEGUN), first(facts, Kind.WATCH_ENDED)
    told: list[Field] = []
    if begun and "until" in begun.details:
        until = at_local(Instant.parse(begun.details["until"]), zone)
        told.append(
            Said(
                "After that our witnesses looked harder at the platform, for the same kind of "
                f"fault, until {until:%-d %B %Y}.",
                facts=(begun.n,),
            )
        )
    if ended and "looks" in ended.details:
        looks, wrong = ended.details["looks"], ended.details["not_right"]
        again = ended.details["again"]
        told.append(
            Said(
                f"In those days {sum(wrong.values())} of {looks} looks at the announced address "
                "found it not right, and the same kind of fault was seen on "
                f"{listed(again) if again else 'no other release'}.",
                facts=(ended.n,),
            )
        )
    return told


_ASKS = "What will the producer do, who, and by when?"

_CHANNELS = {
    "x": "X",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "news": "the producer's news page",
    "folder": "the producer's news page",
    "slack": "Slack",
    "teams": "Teams",
    "webhook": "a webhook",
    "apprise": "a further service",
    "feed": "the site's feed",
}
