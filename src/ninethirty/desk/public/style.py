"""The style sheet and the scripts, each at an address that names what is in it.

Of the GOV.UK Design System only what our pages use is served.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ninethirty.core.document import digest
from ninethirty.core.errors import CannotStart
from ninethirty.desk.public.page import Shown

_HERE = Path(__file__).parent
_UNUSED = (
    "accordion|back-link|character-count|checkboxes|cookie-banner|date-input|error|"
    "exit-this-page|fieldset|file-upload|header|pagination|panel|password-input|phase-banner|"
    "radios|task-list|tabs|warning-text|summary-card|generic-header|hint|image|"
    "form-group--error|input--error|input__|input-wrapper|select--error"
)
_OTHERS = re.compile(rf"\.govuk-(?:{_UNUSED})")


def style() -> tuple[str, Shown]:
    """Its address, and what is there. Raises CannotStart: the package was not built."""
    return _addressed("site.css", "text/css; charset=utf-8", _style())


def script(name: str) -> tuple[str, Shown]:
    """Of one of our own scripts: its address, and what is there."""
    text = (_HERE / "own" / name).read_text()
    return _addressed(name, "text/javascript; charset=utf-8", text)


@cache
def addresses() -> dict[str, str]:
    """Name -> address, as templates ask for them."""
    named = {"style": style()[0]}
    named |= {name: script(f"{name}.js")[0] for name in ("countdown", "search")}
    return named


def assets() -> dict[str, Shown]:
    """Everything that pages ask for beside themselves."""
    return dict([style(), script("countdown.js"), script("search.js")])


def _addressed(name: str, media_type: str, text: str) -> tuple[str, Shown]:
    body = text.encode()
    stem, dot, kind = name.partition(".")
    return f"/assets/{stem}-{digest(body)[:16]}{dot}{kind}", Shown(body, media_type)


@cache
def _style() -> str:
    place = _HERE / "assets" / "govuk-frontend.min.css"
    try:
        brought = place.read_text()
    except FileNotFoundError as missing:
        raise CannotStart(
            f"{place} is not there; it comes when the package is built: "
            "pip install --no-deps --no-build-isolation -e ."
        ) from missing
    return "".join(_used(brought)) + (_HERE / "own" / "site.css").read_text()


def _used(css: str) -> Iterator[str]:
    """Rules, less those of components that no page of ours has."""
    for head, inside in _blocks(css):
        if head.startswith(("@media", "@supports")):
            kept = "".join(_used(inside))
            if kept:
                yield f"{head}{{{kept}}}"
        elif head.startswith("@"):
            yield f"{head}{{{inside}}}"
        else:
            selectors = [one for one in head.split(",") if not _OTHERS.search(one)]
            if selectors:
                yield f"{','.join(selectors)}{{{inside}}}"


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each brace, and what is in it."""
    css = re.sub(r'/\*.*?\*/|@charset "[^"]*";|@import[^;]*;', "", css, flags=re.DOTALL)
    begun, depth, brace = 0, 0, 0
    for found in re.finditer("[{}]", css):
        depth += 1 if found[0] == "{" else -1
        if found[0] == "{" and depth == 1:
            brace = found.start()
        if depth == 0:
            yield css[begun:brace].strip(), css[brace + 1 : found.start()]
            begun = found.end()
