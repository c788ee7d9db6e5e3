"""Put pages in force that stand whatever is released: of the register, on punctuality."""

from collections.abc import Mapping

from ninethirty.core.times import Instant
from ninethirty.desk.public.build import render
from ninethirty.desk.public.page import Page, Shown
from ninethirty.desk.public.site import page_of_assets
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.show import Armed, arm


def put_pages(pages: Mapping[str, Mapping[str, Shown]], now: Instant) -> Armed:
    """Document -> path -> what it answers. All of them under one signature, with the style sheet
    that they ask for; those that are in force already are left as they are."""
    made = [_page(name, files) for name, files in pages.items()]
    return arm(setup().shelf(), [render(one, now) for one in (page_of_assets(), *made)], now)


def _page(name: str, files: Mapping[str, Shown]) -> Page:
    return Page(name, (), lambda at: files)
