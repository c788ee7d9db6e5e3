"""What the paths of a release answer from when on, given what they answer now. Pure."""

from collections.abc import Iterable, Mapping

from ninethirty.core.schedule import Answer, Content, Opening
from ninethirty.core.seal import PAGE
from ninethirty.core.times import Instant
from ninethirty.desk.shelving.standing import in_force, to_come

Contents = Mapping[str, Content]
"""By name in the folder."""


def address(path: str, name: str) -> str:
    """Where a file of the folder is found."""
    return path if name == PAGE else f"{path.rstrip('/')}/{name}"


def plan(
    path: str,
    *,
    release: Contents,
    before: Contents | None,
    held: Iterable[Opening],
    now: Instant,
    opens: Instant,
) -> list[Opening]:
    """The openings of a release that takes the place of what is held.

    before: what the paths answer until T; None: what they answer now.
    """
    stands = in_force(held, now)
    # What stands is kept as it was: a gate whose clock is a little behind ours still needs it.
    openings = list(stands.values())
    until_t: dict[str, Answer | None] = {path: held.answer for path, held in stands.items()}
    if before is not None:
        wanted = {address(path, name): content for name, content in before.items()}
        openings += _turn(until_t, wanted, now)
        until_t = dict(wanted)
    openings += _turn(
        until_t, {address(path, name): content for name, content in release.items()}, opens
    )
    return last_word(openings)


def last_word(openings: Iterable[Opening]) -> list[Opening]:
    """One opening for each path and instant, the last given: two changes may share an instant."""
    return list({_order(opening): opening for opening in openings}.values())


def same(one: Iterable[Opening], other: Iterable[Opening], now: Instant) -> bool:
    """Whether nobody can tell the two apart, now or later."""
    one, other = list(one), list(other)
    return _answers(one, now) == _answers(other, now) and sorted(
        to_come(one, now), key=_order
    ) == sorted(to_come(other, now), key=_order)


def _turn(
    stands: Mapping[str, Answer | None], wanted: Mapping[str, Content], when: Instant
) -> list[Opening]:
    """From `when` on what is wanted, and nothing that is not."""
    turned = [
        Opening(path, when, content)
        for path, content in wanted.items()
        if stands.get(path) != content
    ]
    return turned + [Opening(path, when, None) for path in stands if path not in wanted]


def _answers(openings: Iterable[Opening], now: Instant) -> dict[str, Answer | None]:
    return {path: opening.answer for path, opening in in_force(openings, now).items()}


def _order(opening: Opening) -> tuple[str, Instant]:
    return opening.path, opening.opens
