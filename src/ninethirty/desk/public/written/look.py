"""How the parts of a written page look: by classes of the GOV.UK Design System, in place of styles,
which a strict policy refuses."""

from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token

CLASSES = {
    "h2": "govuk-heading-l",
    "h3": "govuk-heading-m",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
    "h6": "govuk-heading-s",
    "p": "govuk-body",
    "a": "govuk-link",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--visible",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}


def dress(token: Token) -> None:
    numeric = token.attrs.pop("style", None) == "text-align:right"
    if token.nesting >= 0 and (look := CLASSES.get(token.tag)):
        more = f" {look}--numeric" if numeric else ""
        token.attrSet("class", look + more)


def footnotes_open(*_: Any) -> str:
    return (
        '<section class="footnotes" aria-labelledby="footnotes">'
        '<h2 class="govuk-heading-m" id="footnotes">Footnotes</h2>'
        '<ol class="govuk-list govuk-list--number">\n'
    )


def footnote_anchor(renderer: Any, tokens: Sequence[Token], at: int, *_: Any) -> str:
    meta = tokens[at].meta
    again = f":{meta['subId']}" if meta["subId"] > 0 else ""
    number = meta["id"] + 1
    return (
        f' <a class="govuk-link" href="#fnref{number}{again}" '
        f'aria-label="Back to the text of footnote {number}">\N{LEFTWARDS ARROW WITH HOOK}</a>'
    )
