"""What a producer, a series, a release and its page may be called."""

import re
from html.entities import html5

from ninethirty.core import letter
from ninethirty.core.errors import NotAllowed

LONGEST_ID = 80
"""PostgreSQL holds to the length of a column, and keys of facts begin with this."""

_PART = r"[a-z0-9]+(-[a-z0-9]+)*"
_ID = re.compile(rf"{_PART}(/{_PART})*")
_PATH = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._~-]*)+")
_TAG = re.compile(r"<[a-zA-Z/!?]|&#\w+;")
_ENTITY = re.compile(r"&(\w+;)")

OURS = frozenset(
    (
        *("calendar", "producers", "series", "changes", "status", "search", "how-we-measure"),
        *("accessibility", "register", "punctuality", "assets", "watch-key", "a-to-z", "record"),
        letter.PATH.removeprefix("/"),
    )
)
"""First parts of addresses that the site keeps for itself, with and without an ending."""

_OURS = re.compile(r"/(releases\.json|feed|sitemap|robots\.txt|catalogue|index\.json)")


def check_id(id: str, *, longest: int = LONGEST_ID) -> None:
    """Raises NotAllowed for one that an address or a file name would not tell from another."""
    if not _ID.fullmatch(id):
        raise NotAllowed(f"{id[:80]!r}: an id has small letters, digits, single - and /")
    check_length(id, "id", id, longest)


def check_length(of: str, what: str, told: str, longest: int) -> None:
    """Raises NotAllowed. of: the id of what has it."""
    if len(told) > longest:
        raise NotAllowed(f"{of[:80]}: its {what} is longer than {longest} letters")


def check_title(of: str, title: str, *, longest: int = 300) -> None:
    """Raises NotAllowed: nothing, several lines, or markup, which would be shown as it stands."""
    if not title.strip():
        raise NotAllowed(f"{of}: it has no title")
    if not title.isprintable():
        raise NotAllowed(f"{of}: its title is one line of text; found {title[:80]!r}")
    if _TAG.search(title) or any(named in html5 for named in _ENTITY.findall(title)):
        raise NotAllowed(f"{of}: its title is text without markup; found {title[:80]!r}")
    check_length(of, "title", title, longest)


def check_path(of: str, path: str) -> None:
    """Raises NotAllowed: no address of a page, or one that the site keeps for itself."""
    check_length(of, "path", path, 300)
    if not _PATH.fullmatch(path):
        raise NotAllowed(f"{of}: its path is such as /statistics/gdp; found {path!r}")
    if path.split("/")[1].partition(".")[0] in OURS or _OURS.match(path) or path.endswith(".json"):
        raise NotAllowed(f"{of}: the site keeps {path} for itself; choose another path")
