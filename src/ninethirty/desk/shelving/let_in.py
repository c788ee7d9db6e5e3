"""Let a gate read the schedule, or shut it out."""

from pathlib import Path

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import Malformed, ScheduleRefused
from ninethirty.core.keyring import check_gate_name, check_public
from ninethirty.core.times import Clock
from ninethirty.desk.shelving.book import check_begun
from ninethirty.desk.shelving.change import change
from ninethirty.desk.shelving.gates import ACKNOWLEDGED


def let_gate_in(
    name: str, public: str, *, store: Path, key: SigningKey, clock: Clock, site: str | None
) -> None:
    """Sign a schedule that this gate can read.

    Raises:
        ScheduleRefused: another gate is let in by this name, or this key by another name; or
        neither can be.
    """
    try:
        check_gate_name(name)
        check_public(public)
    except Malformed as wrong:
        raise ScheduleRefused(str(wrong)) from wrong
    with change(store, key, clock, site=site) as changing:
        known = changing.book.gates
        if known.get(name, public) != public:
            raise ScheduleRefused(
                f"{name}: expected the name of a new gate, found that one is let in by it with the "
                f"key {known[name][:12]}…; choose another --name, or shut that one out first: "
                f"ninethirty gates remove {name}"
            )
        other = next((one for one, its in known.items() if its == public and one != name), None)
        if other:
            raise ScheduleRefused(
                f"{public[:12]}…: expected the key of a new gate, found that it is let in as "
                f"{other}; each gate has a key of its own"
            )
        if name not in known:
            changing.let_in(name, public)


def shut_gate_out(name: str, *, store: Path, key: SigningKey, clock: Clock) -> Path:
    """Sign a schedule that this gate cannot read; where its last word lies.

    Raises:
        ScheduleRefused: it is not let in.
    """
    check_begun(store, key.public)
    with change(store, key, clock) as changing:
        known = changing.book.gates
        if name not in known:
            raise ScheduleRefused(
                f"{name}: expected a gate that is let in, found "
                f"{', '.join(sorted(known)) or 'none'}"
            )
        changing.shut_out(name)
    return store / ACKNOWLEDGED / f"{name}.json"
