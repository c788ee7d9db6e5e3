"""What users are told: approved words with the release's facts in them, and never a figure.

The address that works comes first; each text fits the shortest channel. A producer may have other
words approved; these are the defaults:

[words]
late_title = "Available at another address: {title}"
late = "{title} can be read here: {address}{since} Its usual page ... put right."
since = " It has been there since {clock}."
recovered_title = "Now at its usual address: {title}"
recovered = "{title} is now at its usual address too: {address} We are sorry ... there."
published_title = "Published: {title}"
published = "{title} is published: {address}"
confirm_title = "Do you want to be told about {title}?"
confirm = "Somebody, we hope you, asked us to write to this address about {title}. ..."
"""

from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any

SHORTEST_LIMIT = 280
ADDRESS_ROOM = 100
"""Letters that an address may need in the shortest text, with words and a title beside it."""

TITLE_ROOM = 40


@dataclass(frozen=True)
class Words:
    title: str
    short: str


@dataclass(frozen=True)
class Templates:
    """Approved words; what stands in braces is filled in. `since` is told only if it is so."""

    late_title: str = "Available at another address: {title}"
    late: str = (
        "{title} can be read here: {address}{since}"
        " Its usual page is not showing it yet; we have asked for that to be put right."
    )
    since: str = " It has been there since {clock}."
    recovered_title: str = "Now at its usual address: {title}"
    recovered: str = (
        "{title} is now at its usual address too: {address} We are sorry that it was late there."
    )
    published_title: str = "Published: {title}"
    published: str = "{title} is published: {address}"
    confirm_title: str = "Do you want to be told about {title}?"
    confirm: str = (
        "Somebody, we hope you, asked us to write to this address about {title}. If you want that,"
        " follow the link. If not, do nothing: the address is then erased, and we do not write"
        " again."
    )


_FIELDS = {
    "late_title": {"title"},
    "late": {"title", "address", "since"},
    "since": {"clock"},
    "recovered_title": {"title"},
    "recovered": {"title", "address"},
    "published_title": {"title"},
    "published": {"title", "address"},
    "confirm_title": {"title"},
    "confirm": {"title"},
}
"""Every field that a text has, and must have."""


def read_templates(told: Any) -> Templates:
    """Raises ValueError, saying which text is wrong and why."""
    if not isinstance(told, dict):
        raise ValueError("words is not a table of texts")
    for name, text in told.items():
        if name not in _FIELDS:
            raise ValueError(f"words.{name} is not a text; known: {', '.join(_FIELDS)}")
        if not isinstance(text, str):
            raise ValueError(f"words.{name} is not a text")
        _check(name, text)
    templates = Templates(**told)
    for name in ("late", "recovered"):
        longest = _filled(getattr(templates, name), "", "a" * ADDRESS_ROOM, templates, _NOON)
        if len(longest) + TITLE_ROOM > SHORTEST_LIMIT:
            raise ValueError(
                f"words.{name} is too long by {len(longest) + TITLE_ROOM - SHORTEST_LIMIT} letters:"
                f" with an address of {ADDRESS_ROOM} and a title of {TITLE_ROOM} it must fit in"
                f" {SHORTEST_LIMIT}"
            )
    return templates


def _check(name: str, text: str) -> None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as wrong:
        raise ValueError(f"words.{name}: {wrong}") from wrong
    found = [field for _, field, _, _ in parts if field is not None]
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f"words.{name}: a field is a name in braces and nothing else")
    for field in found:
        if field not in _FIELDS[name]:
            known = ", ".join(f"{{{one}}}" for one in sorted(_FIELDS[name]))
            raise ValueError(f"words.{name} has no field {{{field}}}; known: {known}")
    for field in sorted(_FIELDS[name]):
        if found.count(field) != 1:
            raise ValueError(f"words.{name} must say {{{field}}} once")
    if any(letter.isdigit() for literal, *_ in parts for letter in literal):
        raise ValueError(f"words.{name} has a figure in it; a notice carries none")


def late(
    title: str, alternate: str, *, since: datetime | None, templates: Templates | None = None
) -> Words:
    """Not at its announced address, whole at the alternate; since T, if that was seen."""
    words = templates or Templates()
    return Words(
        words.late_title.format(title=title), _fitted(words.late, title, alternate, words, since)
    )


def recovered(title: str, announced: str, *, templates: Templates | None = None) -> Words:
    """Whole at its announced address after all."""
    words = templates or Templates()
    return Words(
        words.recovered_title.format(title=title),
        _fitted(words.recovered, title, announced, words, None),
    )


def published(title: str, announced: str, *, templates: Templates | None = None) -> Words:
    """Whole at its announced address: a mail to subscribers."""
    words = templates or Templates()
    return Words(
        words.published_title.format(title=title),
        words.published.format(title=title, address=announced),
    )


def confirm(title: str, *, templates: Templates | None = None) -> Words:
    """Is it they who asked to be told of this series or producer?"""
    words = templates or Templates()
    return Words(words.confirm_title.format(title=title), words.confirm.format(title=title))


def _fitted(
    template: str, title: str, address: str, words: Templates, since: datetime | None
) -> str:
    """The title is cut, never the address."""
    room = SHORTEST_LIMIT - len(_filled(template, "", address, words, since))
    if len(title) > room:
        title = title[: max(0, room - 1)].rstrip() + "…"
    return _filled(template, title, address, words, since)


def _filled(
    template: str, title: str, address: str, words: Templates, since: datetime | None
) -> str:
    told = words.since.format(clock=_clock(since)) if since else ""
    return template.format(title=title, address=address, since=told)


def _clock(local: datetime) -> str:
    """9:30am, as the public writes it."""
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


_NOON = datetime(2000, 1, 1, 12)  # noqa: DTZ001  # wall time; the longest that a clock is written
