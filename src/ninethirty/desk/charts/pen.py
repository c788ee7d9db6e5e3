"""Pieces of SVG. Colours and sizes are attributes, which a strict policy for style lets pass, and
every tag has its end, as a sanitiser would write it."""

from decimal import Decimal
from html import escape

INK, GREY, GRID, PAPER = "#0b0c0c", "#505a5f", "#b1b4b6", "#ffffff"

Number = Decimal | float


def line(
    x: Number, y: Number, to_x: Number, to_y: Number, ink: str = GRID, width: float = 1
) -> str:
    wide = "" if width == 1 else f' stroke-width="{short(width)}"'
    return (
        f'<line x1="{short(x)}" y1="{short(y)}" x2="{short(to_x)}" y2="{short(to_y)}" '
        f'stroke="{ink}"{wide}></line>'
    )


def box(x: Number, y: Number, width: Number, height: Number, fill: str, stroke: str = "") -> str:
    edge = f' stroke="{stroke}"' if stroke else ""
    return (
        f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" '
        f'fill="{fill}"{edge}></rect>'
    )


def dot(x: Number, y: Number, fill: str, radius: float = 4) -> str:
    return f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}" fill="{fill}"></circle>'


def text(x: Number, y: Number, words: str, anchor: str = "start", *, fill: str = INK) -> str:
    """y: the line it stands on. anchor: start, middle or end."""
    if not words:
        return ""
    ink = "" if fill == INK else f' fill="{fill}"'
    return f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}"{ink}>{escape(words)}</text>'


def short(number: Number) -> str:
    return f"{number:.1f}".removesuffix(".0")
