"""What users are told: approved words with the release's facts in them, and never a figure.

The address that works comes first; each text fits the shortest channel. A producer may have other
words approved; these are the defaults:

[words]
late_title = "Available at another address: {title}"
late = "{title} can be read here: {address}{since} Its usual page ... put right."
since = " It has been there since {clock}."
update_title = "Still at another address: {title}"
update = "{title} can still be read here: {address} Its usual page ... put right."
recovered_title = "Now at its usual address: {title}"
recovered = "{title} is now at its usual address too: {address} We are sorry ... there."
corrected_title = "Corrected: {title}"
corrected = "{title} has been corrected. What stands now is here: {address}"
published_title = "Published: {title}"
published = "{title} is published: {address}"
confirm_title = "Do you want to be told about {title}?"
confirm = "Somebody, we hope you, asked us to write to this address about {title}. ..."

[words.cy]                              # all of them in Welsh too, if users are told in both
late_title = "Ar gael mewn cyfeiriad arall: {title}"
...
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any, ClassVar, TypeVar

from ninethirty.core.limits import SHORTEST, fits

T = TypeVar("T", bound="Templates")

ENGLISH, WELSH = "en", "cy"

ADDRESS_ROOM = 100
"""Letters that an address may need in the shortest text, with words and a title beside it."""

TITLE_ROOM = 40

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Words:
    title: str
    short: str


@dataclass(frozen=True)
class Templates:
    """Approved words; what stands in braces is filled in. `since` is told only if it is so."""

    language: ClassVar[str] = ENGLISH
    halves: ClassVar[tuple[str, str]] = ("am", "pm")

    late_title: str = "Available at another address: {title}"
    late: str = (
        "{title} can be read here: {address}{since}"
        " Its usual page is not showing it yet; we have asked for that to be put right."
    )
    since: str = " It has been there since {clock}."
    update_title: str = "Still at another address: {title}"
    update: str = (
        "{title} can still be read here: {address}"
        " Its usual page does not show it even now; we go on asking for that to be put right."
    )
    recovered_title: str = "Now at its usual address: {title}"
    recovered: str = (
        "{title} is now at its usual address too: {address} We are sorry that it was late there."
    )
    corrected_title: str = "Corrected: {title}"
    corrected: str = "{title} has been corrected. What stands now is here: {address}"
    published_title: str = "Published: {title}"
    published: str = "{title} is published: {address}"
    confirm_title: str = "Do you want to be told about {title}?"
    confirm: str = (
        "Somebody, we hope you, asked us to write to this address about {title}. If you want that,"
        " follow the link. If not, do nothing: the address is then erased, and we do not write"
        " again."
    )


@dataclass(frozen=True)
class Welsh(Templates):
    """The same in Welsh. The house has no words of its own: a producer gives all, or none."""

    language: ClassVar[str] = WELSH
    halves: ClassVar[tuple[str, str]] = ("yb", "yp")


_FIELDS = {
    "late_title": {"title"},
    "late": {"title", "address", "since"},
    "since": {"clock"},
    "update_title": {"title"},
    "update": {"title", "address"},
    "recovered_title": {"title"},
    "recovered": {"title", "address"},
    "corrected_title": {"title"},
    "corrected": {"title", "address"},
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
    texts = {name: text for name, text in told.items() if name != WELSH}
    _check_texts("words", texts)
    return _fitting("words", Templates(**texts))


def read_welsh(told: Any) -> Welsh | None:
    """None: users are told in English alone. Raises ValueError as `read_templates`, and where a
    text is missing: a notice half in another language is none."""
    if WELSH not in told:
        return None
    where, texts = f"words.{WELSH}", told[WELSH]
    if not isinstance(texts, dict):
        raise ValueError(f"{where} is not a table of texts")
    _check_texts(where, texts)
    for name in _FIELDS:
        if name not in texts:
            raise ValueError(f"{where}.{name} is missing; give all the texts in Welsh, or none")
    return _fitting(where, Welsh(**texts))


def _check_texts(where: str, texts: dict[str, Any]) -> None:
    for name, text in texts.items():
        if name not in _FIELDS:
            raise ValueError(f"{where}.{name} is not a text; known: {', '.join(_FIELDS)}")
        if not isinstance(text, str):
            raise ValueError(f"{where}.{name} is not a text")
        _check(f"{where}.{name}", _FIELDS[name], text)


def _fitting(where: str, templates: T) -> T:
    for name in ("late", "update", "recovered", "corrected"):
        longest = _filled(getattr(templates, name), "", "a" * ADDRESS_ROOM, templates, _NOON)
        if len(longest) + TITLE_ROOM > SHORTEST:
            raise ValueError(
                f"{where}.{name} is too long by {len(longest) + TITLE_ROOM - SHORTEST}"
                f" letters: with an address of {ADDRESS_ROOM} and a title of {TITLE_ROOM} it must"
                f" fit in {SHORTEST}"
            )
    return templates


def _check(where: str, fields: set[str], text: str) -> None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as wrong:
        raise ValueError(f"{where}: {wrong}") from wrong
    found = [field for _, field, _, _ in parts if field is not None]
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f"{where}: a field is a name in braces and nothing else")
    for field in found:
        if field not in fields:
            known = ", ".join(f"{{{one}}}" for one in sorted(fields))
            raise ValueError(f"{where} has no field {{{field}}}; known: {known}")
    for field in sorted(fields):
        if found.count(field) != 1:
            raise ValueError(f"{where} must say {{{field}}} once")
    if any(letter.isdigit() for literal, *_ in parts for letter in literal):
        raise ValueError(f"{where} has a figure in it; a notice carries none")


def late(
    title: str, alternate: str, *, since: datetime | None, templates: Templates | None = None
) -> Words:
    """Not at its announced address, whole at the alternate; since T, if that was seen."""
    words = templates or Templates()
    return Words(
        words.late_title.format(title=title), _fitted(words.late, title, alternate, words, since)
    )


def update(title: str, alternate: str, *, templates: Templates | None = None) -> Words:
    """Still not at its announced address, and still whole at the alternate."""
    words = templates or Templates()
    return Words(
        words.update_title.format(title=title),
        _fitted(words.update, title, alternate, words, None),
    )


def recovered(title: str, announced: str, *, templates: Templates | None = None) -> Words:
    """Whole at its announced address after all."""
    words = templates or Templates()
    return Words(
        words.recovered_title.format(title=title),
        _fitted(words.recovered, title, announced, words, None),
    )


def corrected(title: str, announced: str, *, templates: Templates | None = None) -> Words:
    """Its correction is whole at its announced address."""
    words = templates or Templates()
    return Words(
        words.corrected_title.format(title=title),
        _fitted(words.corrected, title, announced, words, None),
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


def together(told: Sequence[Words]) -> Words:
    """The same in several languages as one mail, which has room; its title is the first's if all
    would be too long for a line."""
    title = " / ".join(words.title for words in told)
    shown = title if len(title) <= LONGEST_TITLE else told[0].title
    return Words(shown, "\n\n".join(words.short for words in told))


def _fitted(
    template: str, title: str, address: str, words: Templates, since: datetime | None
) -> str:
    """The title is cut, never the address."""
    text, left = _filled(template, title, address, words, since), title
    while left and not fits(text, address):
        left = left[:-1].rstrip()
        text = _filled(template, f"{left}…", address, words, since)
    return text


def _filled(
    template: str, title: str, address: str, words: Templates, since: datetime | None
) -> str:
    told = words.since.format(clock=_clock(since, words.halves)) if since else ""
    return template.format(title=title, address=address, since=told)


def _clock(local: datetime, halves: tuple[str, str]) -> str:
    """9:30am, as the public writes it."""
    return f"{local.hour % 12 or 12}:{local.minute:02}{halves[local.hour >= 12]}"


_NOON = datetime(2000, 1, 1, 12)  # noqa: DTZ001  # wall time; the longest that a clock is written
