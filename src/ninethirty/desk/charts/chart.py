"""A chart, what it shows in words, and the table of what was drawn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from ninethirty.desk.charts.pen import INK

GOOD, BAD, ODD = "#1d70b8", "#b10e1e", "#7a4100"
"""On white each has a contrast of 4.5 to 1 or more; and no meaning rests on a colour alone."""

SMALL = 13


@dataclass(frozen=True)
class Chart:
    """says: the whole of it in a sentence or two, for who does not see it. rows: what was drawn."""

    name: str
    title: str
    says: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    width: int
    height: int
    drawn: str

    @property
    def svg(self) -> str:
        """Stands alone as a file, or within a page."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" '
            f'role="img" aria-labelledby="{self.name}-title {self.name}-says" '
            f'font-family="arial, sans-serif" font-size="{SMALL}" fill="{INK}">\n'
            f'<title id="{self.name}-title">{escape(self.title)}</title>\n'
            f'<desc id="{self.name}-says">{escape(self.says)}</desc>\n'
            f"{self.drawn}\n</svg>"
        )

    @property
    def html(self) -> str:
        """A figure: picture, words and table."""
        title = escape(self.title)
        return (
            f"<figure>\n{_scroll(f'Picture: {title}')}{self.svg}</div>\n"
            f"<figcaption>{escape(self.says)}</figcaption>\n"
            f"<details>\n<summary>The figures of this picture: {title}</summary>\n"
            f"{table(self.title, self.columns, map(_escaped, self.rows))}\n</details>\n</figure>"
        )


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """rows: cells as HTML. It can be moved by itself where it is wider than the screen."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f"{_scroll(f'Table: {escape(title)}')}<table>\n<caption>{escape(title)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table></div>"
    )


def _escaped(row: Iterable[str]) -> Iterator[str]:
    return map(escape, row)


def _scroll(label: str) -> str:
    """label: as HTML."""
    return f'<div class="nt-scroll" role="region" tabindex="0" aria-label="{label}">'
