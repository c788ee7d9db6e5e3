"""What lies beside a page for machines, at which address."""

from collections.abc import Mapping, Sequence

from ninethirty.core.site import Edition, Listing, Series, Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.frame import Link
from ninethirty.desk.public.page import Shown


class JsonLd:
    @staticmethod
    def series(site: Site, series: Series, told: Sequence[Edition], at: Instant) -> str:
        return ""

    @staticmethod
    def release(site: Site, edition: Edition, at: Instant) -> str:
        return ""


def beside_release(site: Site, edition: Edition, at: Instant) -> Mapping[str, Shown]:
    return {}


def release_links(site: Site, edition: Edition) -> list[Link]:
    return []


def beside_listing(site: Site, listing: Listing, at: Instant) -> Mapping[str, Shown]:
    return {}


def listing_links(path: str) -> list[Link]:
    return []


def feed_links(path: str) -> list[Link]:
    return []
