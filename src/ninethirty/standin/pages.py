"""The HTML that stand-ins put around what they are given."""

from html import escape

from ninethirty.core.times import Instant, at_local

ZONE = "Europe/London"


def page(site: str, title: str, main: str, after: str = "") -> bytes:
    """`main` is HTML and goes in untouched; `after` follows outside the main element."""
    return (
        "<!doctype html>\n"
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - {escape(site)}'
        "</title></head>\n"
        f'<body><header><a href="/">{escape(site)}</a></header>\n'
        '<nav><a href="/">Home</a></nav>\n'
        f"<main>{main}</main>\n{after}"
        f"<footer>{escape(site)} is a stand-in used in drills.</footer></body></html>\n"
    ).encode()


def coming_soon(title: str, opens: Instant) -> str:
    return (
        f"<h1>{escape(title)}</h1><p>Coming soon</p>"
        f"<p>These statistics will be released on {spoken(opens)}.</p>"
    )


def links(urls: dict[str, str]) -> str:
    items = "".join(
        f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for name, url in urls.items()
    )
    return f"<section><h2>Documents</h2><ul>{items}</ul></section>\n"


def spoken(instant: Instant) -> str:
    """As a calendar says it: 8 March 2018 9:30am."""
    local = at_local(instant, ZONE)
    half = "am" if local.hour < 12 else "pm"
    return f"{local.day} {local:%B %Y} {local.hour % 12 or 12}:{local:%M}{half}"
