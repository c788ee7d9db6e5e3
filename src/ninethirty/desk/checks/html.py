"""Of pages: links that lead nowhere, and what a reader without eyes needs."""

from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """What is in a page, as far as it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.language = False
        self.headings: list[int] = []
        self.bare_pictures = 0
        self.bare_tables = 0
        self._heads: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.links += [told[name] for name in ("href", "src") if told.get(name)]
        self.ids |= {told[name] for name in ("id", "name") if told.get(name)}
        match tag:
            case "html":
                self.language = bool(told.get("lang"))
            case "img" if "alt" not in told:
                self.bare_pictures += 1
            case "table":
                self._heads.append(False)
            case "th" if self._heads:
                self._heads[-1] = True
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._heads and not self._heads.pop():
            self.bare_tables += 1


def look(name: str, html: str, files: Collection[str], path: str) -> Iterator[str]:
    """files: names in the bundle. path: where the release will be."""
    page = _Page()
    page.feed(html)
    for link in dict.fromkeys(page.links):
        if _leads_nowhere(name, link, files, path, page.ids):
            yield f"its link {link!r} leads nowhere: no such file is in the release"
    if not page.language:
        yield 'does not say its language; write <html lang="en-GB">'
    if page.bare_pictures:
        yield f"{page.bare_pictures} of its pictures say nothing in words; give each an alt"
    if page.bare_tables:
        yield f"{page.bare_tables} of its tables have no headings; mark them with th"
    if any(later - earlier > 1 for earlier, later in zip([0, *page.headings], page.headings)):  # noqa: B905
        yield "its headings leave out a level; number them without a gap"


def _leads_nowhere(
    name: str, link: str, files: Collection[str], path: str, ids: Collection[str]
) -> bool:
    """Addresses elsewhere are not asked: what they answer today says little of T."""
    try:
        at = urlsplit(link)
    except ValueError:
        return True
    if at.scheme or at.netloc:
        return False
    if not at.path:
        return bool(at.fragment) and unquote(at.fragment) not in ids
    to = unquote(at.path)
    if to.startswith("/"):
        if not to.startswith(f"{path}/"):
            return False
        to = to.removeprefix(f"{path}/")
    else:
        # A page is at the address of its release, and its links lead below it.
        to = normpath(join(dirname(name), to))
    return to not in files and to != "."
