"""A notice as the HTML of a news page: its words with the link in them, and the files."""

from html import escape
from urllib.parse import unquote, urlsplit

from ninethirty.desk.outside.notices.port import Notice


def story(notice: Notice) -> str:
    words = escape(notice.short).replace(escape(notice.link), _link(notice.link, notice.link))
    items = "".join(f"<li>{_link(file, _name(file))}</li>" for file in notice.files)
    return f"<p>{words}</p>" + (f"<ul>{items}</ul>" if items else "")


def _link(address: str, shown: str) -> str:
    return f'<a href="{escape(address)}">{escape(shown)}</a>'


def _name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2])
