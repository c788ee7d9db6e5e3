"""What a page says to somebody who looks at it, and where it links to."""

from html.parser import HTMLParser

UNSEEN = {"head", "script", "style", "template", "noscript"}


class _Words(HTMLParser):
    def __init__(self, inside: str | None) -> None:
        super().__init__()
        self._inside = inside
        self._depth = 0
        self._unseen = 0
        self.found = inside is None
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == self._inside:
            self.found = True
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == self._inside:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if not self._unseen and (self._inside is None or self._depth > 0):
            self.words += data.split()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.targets.append(target)


def visible_text(page: str, inside: str | None = None) -> str | None:
    """Words with single spaces; a tag ends a word. None if the element `inside` is not there."""
    reader = _Words(inside)
    reader.feed(page)
    reader.close()
    return " ".join(reader.words) if reader.found else None


def links(page: str) -> list[str]:
    reader = _Links()
    reader.feed(page)
    reader.close()
    return reader.targets
