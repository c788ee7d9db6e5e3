"""The frame of the pages of the register: header, main, footer, and one style sheet in the head.

A seam: the public site's own page frame is to take its place, by this one function.
"""

from html import escape
from importlib.resources import files

_STYLE = files("ninethirty.desk.public").joinpath("register.css").read_text(encoding="utf-8")


def page(title: str, producer: str, body: str) -> str:
    """body: HTML that stands in main."""
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} - {escape(producer)}</title>\n<style>\n{_STYLE}</style>\n"
        f"</head>\n<body>\n<header><strong>{escape(producer)}</strong></header>\n"
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
