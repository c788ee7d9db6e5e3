"""The gate's own few words: pages for what is not there."""

from html import escape

_PAGE = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.2rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}}
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
