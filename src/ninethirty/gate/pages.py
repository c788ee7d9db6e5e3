"""The gate's own few words: pages for what is not there."""

from html import escape

from ninethirty.core.letter import Sent

_PAGE = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{margin:0;font:1.19rem/1.35 arial,sans-serif;color:#0b0c0c;background:#fff}}
main{{max-width:40rem;margin:0 auto;padding:2rem 1rem;border-top:10px solid #1d70b8}}
h1{{font-size:2rem;line-height:1.1}}button{{font:inherit;padding:.5rem 1rem}}
</style>
<main><h1>{title}</h1><div>{words}</div></main></html>
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
_HEARD = {
    Sent.WRONG: (
        "Thank you for telling us",
        "We have it, and somebody is told at once. You can go back to where you were.",
    ),
    # The same whether we know the address or not, or the token is anybody's.
    Sent.SUBSCRIBE: (
        "Look at your mail",
        "If this address can be told, a mail with a link is on its way. Nothing more is sent until "
        "you have followed it.",
    ),
    Sent.CONFIRM: ("Thank you", "If the link was still good, you will be told from now on."),
    Sent.LEAVE: ("You have left", "You will not be told of this again."),
    Sent.ERASE: (
        "Your address is erased",
        "It will be gone within minutes, with all it asked for.",
    ),
}
_ASKED = {
    Sent.CONFIRM: ("Be told by mail?", "Tell me by mail"),
    Sent.LEAVE: ("Leave this list?", "Do not tell me any more"),
    Sent.ERASE: ("Erase your address?", "Erase my address and all it asked for"),
}
NO_ROOM = _page(
    "We cannot take it now",
    "Too many people are telling us something. Please try again in ten minutes, or telephone.",
)


def heard(sent: Sent) -> bytes:
    return _page(*_HEARD[sent])


def asked(act: Sent) -> bytes:
    """One button, which posts to where it is."""
    title, button = _ASKED[act]
    return _page(title, f'<form method="post"><button type="submit">{button}</button></form>')


def not_heard(why: str) -> bytes:
    return _page("We could not take that", escape(why))


def withdrawn(reason: str) -> bytes:
    return _page("Withdrawn", escape(reason))
