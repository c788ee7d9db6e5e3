"""The gate's own few words: pages for what is not there."""

from html import escape

_PAGE = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{margin:0;font:1.19rem/1.35 arial,sans-serif;color:#0b0c0c;background:#fff}}
main{{max-width:40rem;margin:0 auto;padding:2rem 1rem;border-top:10px solid #1d70b8}}
h1{{font-size:2rem;line-height:1.1}}
</style>
<main><h1>{title}</h1><p>{words}</p></main></html>
"""


def _page(title: str, words: str) -> bytes:
    return _PAGE.format(title=title, words=words).encode()


NOT_FOUND = _page(
    "There is nothing at this address",
    "If a release is promised here, it will appear at the time announced for it.",
)
NOT_AS_SEALED = _page(
    "This page cannot be shown",
    "What is stored is not what was sealed, so it is not served. We have been told.",
)
ONLY_READING = _page("Only reading is possible here", "Use GET or HEAD.")
NO_SUCH_PART = _page("The file has no such part", "Ask for the whole file.")
HEARD = _page(
    "Thank you for telling us",
    "We have it, and somebody is told at once. You can go back to where you were.",
)
NO_ROOM = _page(
    "We cannot take it now",
    "Too many people are telling us something. Please try again in ten minutes, or telephone.",
)


def not_heard(why: str) -> bytes:
    return _page("We could not take that", escape(why))


def withdrawn(reason: str) -> bytes:
    return _page("Withdrawn", escape(reason))
