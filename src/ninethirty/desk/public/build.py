"""Pages rendered for the instants at which they change; many of them by several processes."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ninethirty.core.rolling import HORIZON
from ninethirty.core.site import Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.page import Page, Shown


@dataclass(frozen=True)
class Rendered:
    """What a page answers: from each instant on, these files. The first instant is the present."""

    name: str
    own: bool
    turns: tuple[tuple[Instant, Mapping[str, Shown]], ...]


def render(page: Page, now: Instant) -> Rendered:
    """A page as it is now, and as it will be."""
    ahead = page.to_come(now, now + HORIZON)
    turns = [(now, page.files(page.since(now))), *((at, page.files(at)) for at in ahead)]
    return Rendered(page.name, page.own, tuple(turns))


Pages = Callable[[Site], Iterable[Page]]


def render_all(
    site: Site, pages: Pages, now: Instant, processes: int = os.cpu_count() or 1
) -> Iterator[Rendered]:
    """All that `pages` makes of a site, in no order.

    Each process goes through the same pages and renders its share: a page cannot be sent to it.
    """
    if processes == 1:
        yield from (render(page, now) for page in pages(site))
        return
    # Forked, so that the site is there already.
    forked = multiprocessing.get_context("fork")
    with forked.Pool(processes, _begin, (site, pages, now, processes)) as pool:
        for share in pool.imap_unordered(_share, range(processes * _SHARES)):
            yield from share


_SHARES = 8
"""For each process: whoever is done first takes the next."""

_begun: list[tuple[list[Page], Instant, int]] = []


def _begin(site: Site, pages: Pages, now: Instant, processes: int) -> None:
    _begun.append((list(pages(site)), now, processes * _SHARES))


def _share(number: int) -> list[Rendered]:
    made, now, shares = _begun[-1]
    return [render(page, now) for page in islice(made, number, None, shares)]
