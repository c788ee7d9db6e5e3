"""A chart, what it shows in words, and the table of what was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

INK, GREY, LINE, PAPER = "#0b0c0c", "#505a5f", "#b1b4b6", "#ffffff"
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
            f'role="img" aria-labelledby="{self.name}-title {self.name}-says" '
            f'font-family="arial, sans-serif" font-size="{SMALL}" fill="{INK}">\n'
            f'<title id="{self.name}-title">{escape(self.title)}</title>\n'
            f'<desc id="{self.name}-says">{escape(self.says)}</desc>\n'
            f"{self.drawn}\n</svg>"
        )

    @property
    def html(self) -> str:
        """A figure: picture, words and table."""
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        rows = "\n".join(
            f'<tr><th scope="row">{escape(first)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
            + "</tr>"
            for first, *rest in self.rows
        )
        return (
            f"<figure>\n{self.svg}\n<figcaption>{escape(self.says)}</figcaption>\n"
            f"<details>\n<summary>The figures of this picture: {escape(self.title)}</summary>\n"
            f"<table>\n<caption>{escape(self.title)}</caption>\n<thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</details>\n</figure>"
        )


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def dot(x: float, y: float, fill: str, radius: float = 4) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>'


def line(x: float, y: float, to_x: float, to_y: float, stroke: str, width: float = 1) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" '
        f'stroke="{stroke}" stroke-width="{width}"/>'
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK) -> str:
    """y is the line it stands on; anchor: start, middle or end."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
    )
