"""The text of a Markdown file, as its page would say it."""

from markdown_it import MarkdownIt

from ninethirty.desk.papers import from_html

_READER = MarkdownIt("commonmark").enable("table")


def text_of(words: str) -> str:
    return from_html.text_of(_READER.render(words))
