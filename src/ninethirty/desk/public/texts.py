"""Pages that say what this site is: how we measure, and accessibility."""

from collections.abc import Iterator

from markupsafe import Markup

from ninethirty.core.site import Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.frame import TEMPLATES, page
from ninethirty.desk.public.page import Page, Shown
from ninethirty.desk.public.release import contact_words

_TEXTS = {
    "/how-we-measure": "How we measure",
    "/accessibility": "Accessibility statement",
}


def pages_of_text(site: Site) -> Iterator[Page]:
    for path, title in _TEXTS.items():
        text = (TEMPLATES / "texts" / f"{path[1:]}.html").read_text()
        contact = site.contact
        whom = contact_words(contact.name or site.name, contact.email, contact.telephone)
        yield _page(site, path, title, Markup(text).format(name=site.name, contact=whom))  # noqa: S704


def _page(site: Site, path: str, title: str, text: Markup) -> Page:
    def files(at: Instant) -> dict[str, Shown]:
        return {path: page("text.html", site, path, title, text=text)}

    return Page(f"site{path}", (), files)
