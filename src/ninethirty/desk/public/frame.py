"""What all pages share: their frame, and how a template becomes a page."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)
from markupsafe import Markup

from ninethirty.core import letter
from ninethirty.core.site import Site
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.style import addresses
from ninethirty.desk.public.told import COLOURS

TEMPLATES = Path(__file__).parent / "templates"
_MACROS = "govuk_frontend_jinja"
_PARTS = (
    ("/", "Today"),
    ("/calendar", "Calendar"),
    ("/producers", "Producers"),
    ("/a-to-z", "A to Z"),
    ("/search", "Search"),
    ("/status", "Status"),
)
_ACCOUNT = (
    ("/register", "Register of breaches"),
    ("/punctuality", "Punctuality"),
)
"""All that there is where the gate has no calendar."""

_FOOT = (
    ("/how-we-measure", "How we measure"),
    ("/changes", "Changed dates"),
    *_ACCOUNT,
    ("/accessibility", "Accessibility statement"),
)

Link = dict[str, str]


def link(href: str, text: str) -> Link:
    return {"href": href, "text": text}


def page(template: str, site: Site, path: str, title: str, **told: Any) -> Shown:
    """The page at that path; `told` is what its template names."""
    made = _templates().get_template(template)
    return Shown(
        made.render(
            site=site,
            path=path,
            title=title,
            asset=addresses(),
            navigation=_navigation(path, _PARTS if site.calendar else _ACCOUNT),
            foot=[link(*one) for one in (_FOOT if site.calendar else ())],
            **told,
        ).encode()
    )


def words(
    site: Site, path: str, title: str, text: str, crumbs: Iterable[tuple[str, str]] = ()
) -> bytes:
    """A page of plain HTML below its title. crumbs: path and title of each page above it."""
    above = [link(*one) for one in crumbs]
    return page("words.html", site, path, title, text=Markup(text), crumbs=above).body  # noqa: S704


def environment(templates: BaseLoader) -> Environment:
    """For templates from there, and the macros of the GOV.UK Design System."""
    return Environment(
        loader=ChoiceLoader([templates, PrefixLoader({_MACROS: PackageLoader(_MACROS)})]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


@cache
def _templates() -> Environment:
    made = environment(FileSystemLoader(TEMPLATES))
    made.globals["colours"] = COLOURS
    made.globals |= {"tell_us": letter.PATH, "longest": letter.LONGEST_WORDS}
    made.globals["subscribe"] = letter.SUBSCRIBE_PATH
    return made


def _navigation(path: str, parts: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Where the reader is, is marked."""
    return [
        {
            **link(href, text),
            "current": path == href,
            "active": href != "/" and path.startswith(f"{href}/"),
        }
        for href, text in parts
    ]
