"""Pieces of SVG. Colours and sizes are attributes, which a strict policy for style lets pass."""

from decimal import Decimal
from html import escape

WIDTH = 640
INK, GRID = "#0b0c0c", "#b1b4b6"
COLOURS = ("#12436d", "#801650", "#1f7a72", "#c2510f")
"""Of the series, in order. On white each has a contrast of 4.5 to 1 or more."""

LETTER, LINE = 8, 20
"""The widest letter to reckon with, and the height of a line, at the size of the text."""

Number = Decimal | int


def rule(x: Number, y: Number, to_x: Number, to_y: Number, ink: str = GRID) -> str:
    return (
        f'<line x1="{short(x)}" y1="{short(y)}" x2="{short(to_x)}" y2="{short(to_y)}" '
        f'stroke="{ink}"></line>'
    )


def text(x: Number, y: Number, words: str, anchor: str) -> str:
    """y: the line it stands on. anchor: start, middle or end."""
    if not words:
        return ""
    return f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def short(number: Number) -> str:
    return f"{number:.1f}".removesuffix(".0")
