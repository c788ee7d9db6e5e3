"""What stands at a release's addresses until T: an earlier edition of ours, as far as we know."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Q

from ninethirty.core.document import digest, keyed
from ninethirty.core.errors import NinethirtyError
from ninethirty.core.page import main_html, visible_text
from ninethirty.core.seal import seal
from ninethirty.core.times import Instant, WallTime
from ninethirty.core.watch import ALTERNATE, Channel, Part, WatchOrder, read_order
from ninethirty.desk.actions.bundle import index_of, manifest_of, page_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def name_last_edition(order: WatchOrder, row: Release, key: bytes) -> WatchOrder:
    """The order, with `previous` for each part at whose address we have published before."""
    stands: dict[str, str] = {}
    for earlier in _earlier(row, setup().clock().now()):
        try:
            stands |= _contents(earlier)
        except NinethirtyError:
            # Its files were swept away, or its order signed by a key of before: then a witness has
            # to tell by what it sees.
            continue
    return replace(order, channels=tuple(_named(one, stands, key) for one in order.channels))


def _earlier(row: Release, now: Instant) -> list[Release]:
    """Those that have opened at the same address, the last of them last."""
    same = Release.objects.filter(Q(announced=row.announced) | Q(path=row.path))
    opened = {
        one.id: (WallTime.parse(one.opens).resolve(), one)
        for one in same.exclude(id=row.id).exclude(order=b"")
    }
    return [one for at, one in sorted(opened.values(), key=lambda two: two[0]) if at <= now]


def _contents(release: Release) -> dict[str, str]:
    """The digest that is compared, by address."""
    manifest = manifest_of(release)
    files = {file.name: file.digest for file in manifest.files}
    own = f"<main>{main_html(index_of(manifest))}</main>"
    order = read_order(bytes(release.order), setup().key().public)
    found = {}
    for channel in order.channels:
        html = page_of(manifest, seal(manifest)) if channel.name == ALTERNATE else own
        found[channel.page.url] = digest(visible_text(html).encode())
        found |= {file.url: files[file.name] for file in channel.files if file.name in files}
    return found


def _named(channel: Channel, stands: Mapping[str, str], key: bytes) -> Channel:
    def named(part: Part) -> Part:
        found = stands.get(part.url)
        return replace(part, previous=keyed(key, found)) if found else part

    return replace(channel, page=named(channel.page), files=tuple(map(named, channel.files)))
