"""What was done, in lines that end with what to do next."""

from collections.abc import Mapping
from pathlib import Path

from ninethirty.core.times import Instant
from ninethirty.desk.shelving.gates import Acknowledgement, Heard
from ninethirty.desk.shelving.hold import Held
from ninethirty.desk.shelving.incident import Incident
from ninethirty.desk.shelving.seal import Sealed
from ninethirty.desk.shelving.standing import Standing, Stands
from ninethirty.desk.shelving.withdraw import Withdrawn
from ninethirty.desk.shelving.words import page_and, size, span, told

_DESK = "A desk made this release, and its record does not know: do the same there, or tell it."


def sealed(done: Sealed, told_store: str, *, served: bool = True) -> list[str]:
    """served: whether any gate was let in."""
    at_once = done.opens <= done.at
    when = told(done.opens, done.zone)
    what = f"{page_and(done.files)}, {size(done.size_bytes)}"
    if done.version is None:
        return [
            f"Nothing changed: {done.path} is sealed as this already ({what})",
            f"  {'open since' if at_once else 'opens'}  {when}",
        ]
    lines = [
        f"Sealed {done.path}: {what}",
        f"  opens     {when}, {'now' if at_once else 'in ' + span(done.opens - done.at)}",
    ]
    lines += _until(done, at_once)
    if done.replaces:
        lines.append(f"  replaces  {_replaced(done.replaces)}")
    lines += [f"  ends      {path} answers no more from then on" for path in done.ends]
    lines.append(f"  digest    {done.seal}")
    if served:
        lines.append(
            "Not in force until a gate acknowledges it; see which did: "
            f"ninethirty schedule {told_store}"
        )
    else:
        lines.append(
            "NO GATE CAN SERVE IT YET: none is let in. A gate says at its start how to let it in; "
            f"or: ninethirty gates add NAME PUBLIC {told_store}"
        )
    if done.replaces and done.replaces.stands is Stands.TO_OPEN:
        lines.append(
            "A gate that has not yet acknowledged it opens what was sealed before, at "
            f"{told(done.replaces.opens, done.replaces.zone)}."
        )
    undo = "withdraw" if at_once else "hold"
    more = " --reason TEXT" if at_once else ""
    lines.append(f"To take it back: ninethirty {undo} {done.path}{more} {told_store}")
    return lines


def held(done: Held) -> list[str]:
    was = done.was
    opens = told(was.opens, was.zone)
    lines = [
        f"Held already, at {told(done.at, was.zone)}: {was.path}, which was to open {opens}"
        if done.again
        else f"Held {was.path}: it was to open {opens}"
    ]
    if was.public:
        lines.append(f"  It answers on as it has since {told(was.public, was.zone)}.")
    elif done.answers:
        lines.append("  It goes on answering the page from before T.")
    return lines + ([f"  {_DESK}"] if done.by_a_desk else [])


def held_so_far(done: Held, heard: Heard, now: Instant, told_store: str) -> tuple[bool, list[str]]:
    """Whether it is safe, and what to do if not."""
    was = done.was
    opens = told(was.opens, was.zone)
    seal_again = f"ninethirty seal FOLDER --path {was.path} --opens TIME {told_store}"
    passed = now >= was.opens
    if heard.all and not passed:
        return True, [
            f"Safe: every gate has acknowledged ({_names(heard.standing)}). It does not open.",
            f"To let it open after all, seal it again: {seal_again}",
        ]
    if heard.all:
        return False, [
            f"NOT SURE: every gate has acknowledged ({_names(heard.standing)}), but T has passed "
            f"({opens}).",
            "A gate that acknowledged only after T had opened it for a while: its receipts say so "
            "(ninethirty verify --receipts).",
            "If somebody may have read it, choose at once:",
            *_two_ways_out(was.path, told_store),
        ]
    if passed and heard.silent:
        return False, [
            f"NOT SAFE: {_who(heard)}, and T has passed ({opens}): it may be public there.",
            "Some can read it and others cannot; choose at once:",
            *_two_ways_out(was.path, told_store),
            f"  or stop that gate, and run this again: {_again(was.path, told_store)}",
            *_unused(heard, told_store),
        ]
    if not heard.silent:
        return False, [
            f"NOT SAFE YET: {_who(heard)}.",
            "If no gate serves it, nothing opens. If one does, it cannot write to the folder "
            f"acknowledged/ of the store, and opens it {opens}: stop it.",
            "Then run this again, to be sure: " + _again(was.path, told_store),
        ]
    return False, [
        f"NOT SAFE YET: {_who(heard)}; what it serves opens {opens}, in {span(was.opens - now)}.",
        "Bring it back or stop it, and run this again: " + _again(was.path, told_store),
        *_unused(heard, told_store),
    ]


def withdrawn(done: Withdrawn) -> list[str]:
    was = done.was
    lines = [
        f"Withdrawn already, at {told(done.at, was.zone)}, with these words: {was.path}"
        if done.again
        else f"Withdrawn {was.path}: from now on it answers 410 with the reason"
    ]
    lines += [f"  {path}" for path in done.paths]
    if done.took_back:
        lines.append(
            f"  What was to open {told(done.took_back, was.zone)} does not; seal it again if it is "
            "to."
        )
    return lines + ([f"  {_DESK}"] if done.by_a_desk else [])


def withdrawn_so_far(done: Withdrawn, heard: Heard, told_store: str) -> tuple[bool, list[str]]:
    if heard.all:
        return True, [
            f"In force: every gate has acknowledged ({_names(heard.standing)}).",
            "Caches that keep to what they were told show it for at most 60 s more.",
        ]
    if not heard.silent:
        return False, [
            f"NOT GONE YET: {_who(heard)}.",
            "If a gate serves it, it cannot write to the folder acknowledged/ of the store: look "
            "whether the address answers 410.",
        ]
    again = f"ninethirty withdraw {done.was.path} --reason TEXT {told_store}"
    return False, [
        f"NOT GONE YET: {_who(heard)}; it goes on showing what it has.",
        f"Bring it back or stop it, and run the same again: {again}",
        *_unused(heard, told_store),
    ]


def gates(heard: Heard, version: int) -> list[str]:
    """Under the table of what is scheduled."""
    if not heard.standing and not heard.silent:
        return [
            f"Version {version}. Not in force: no gate has acknowledged anything from this store.",
            "Start one, which says how to let it in: "
            "ninethirty gate GATESTORE --from STORE --key PUBLIC --name NAME",
        ]
    lines = [f"Version {version}."]
    if heard.standing:
        lines.append(f"In force at: {_names(heard.standing)}")
    if heard.silent:
        lines.append(f"NOT IN FORCE at: {_names(heard.silent)} (what they took before stands)")
    for one in (*heard.standing, *heard.silent):
        if one.clock:
            lines.append(f"CLOCK IN DOUBT at {one.gate}: {one.clock}; it arms nothing new")
        if one.refused:
            lines.append(f"REFUSED by {one.gate}: {one.refused}")
    return lines


def unequal(incident: Incident, told_store: str) -> list[str]:
    """An incident that goes on, and what ends it."""
    opens = told(incident.opens, incident.zone)
    return [
        f"UNEQUAL ACCESS to {incident.path}, which was to open {opens} and was held: "
        f"{', '.join(incident.holding)} stood for the hold, {', '.join(incident.silent)} had not "
        "acknowledged it at T, and opened it.",
        "End it at once, one way or the other:",
        *_two_ways_out(incident.path, told_store),
    ]


def waiting(heard: Heard) -> str:
    return f"Waiting: {_who(heard)}"


def _until(done: Sealed, at_once: bool) -> list[str]:
    if at_once:
        return ["  before/   is left out, since it opens now"] if done.has_before else []
    if done.before is not None:
        return [f"  before    {page_and(done.before)} of before/, from now on"]
    if done.replaces and done.replaces.public:
        return ["  before    what it answers now"]
    return ["  before    404, as for any address that is not there"]


def _replaced(was: Standing) -> str:
    when = told(was.opens, was.zone)
    public = f", over what has been public since {told(was.public, was.zone)}" if was.public else ""
    match was.stands:
        case Stands.TO_OPEN:
            return f"what was to open {when}{public}"
        case Stands.OPEN:
            return f"what has been public since {when}"
        case Stands.HELD:
            return f"what was to open {when} and was held{public}"
        case Stands.WITHDRAWN:
            return f"what was withdrawn {when}"


def _who(heard: Heard) -> str:
    if heard.silent:
        return f"{_names(heard.silent)} has not acknowledged"
    return "no gate has ever acknowledged anything from this store"


def _names(known: tuple[Acknowledgement, ...]) -> str:
    return ", ".join(sorted(one.gate for one in known))


def _again(path: str, told_store: str) -> str:
    return f"ninethirty hold {path} {told_store}"


def _two_ways_out(path: str, told_store: str) -> list[str]:
    return [
        f"  open it everywhere:      ninethirty seal FOLDER --path {path} --opens now {told_store}",
        f"  withdraw it everywhere:  ninethirty withdraw {path} --reason TEXT {told_store}",
    ]


def let_in(name: str, told_store: str) -> list[str]:
    return [
        f"Let in: {name} can read what is sealed in this store.",
        f"To shut it out again: ninethirty gates remove {name} {told_store}",
    ]


def shut_out(name: str, place: Path) -> list[str]:
    lines = [
        f"Shut out: {name} can read nothing that is sealed from now on.",
        "It goes on opening what it has taken: stop it.",
    ]
    if place.exists():
        lines.append(f"When it is stopped remove {place}; until then no hold is called safe.")
    return lines


def members(known: Mapping[str, str], heard: Heard) -> list[str]:
    if not known:
        return [
            "No gate is let in. A gate says at its start how; or: ninethirty gates add NAME PUBLIC"
        ]
    standing = {one.gate for one in heard.standing}
    return [
        f"{name}  {public}  {'in force' if name in standing else 'NOT IN FORCE'}"
        for name, public in sorted(known.items())
    ]


def _unused(heard: Heard, told_store: str) -> list[str]:
    return [
        f"If gate {one.gate} is no longer used, "
        + (f"run: ninethirty gates remove {one.gate} {told_store}" if one.let_in else "")
        + (" and" if one.let_in and one.place.exists() else "")
        + (f" remove {one.place} and run this again." if one.place.exists() else ".")
        for one in heard.silent
    ]
