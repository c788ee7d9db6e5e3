"""A release as its page will look before T and from T on, for whoever has to approve it."""

from collections.abc import Mapping
from datetime import timedelta

from ninethirty.core.page import title
from ninethirty.core.seal import PAGE, Manifest, files_of, seal
from ninethirty.core.site import Edition, Producer, Promise, Series, Site
from ninethirty.core.times import WallTime
from ninethirty.desk.public.release import page_of_release, version_of
from ninethirty.desk.public.style import assets
from ninethirty.desk.public.written.page import with_page
from ninethirty.desk.public.written.text import SOURCE

BEFORE, AFTER = "before.html", "after.html"
_ANNOUNCED = timedelta(weeks=4)


def preview(
    contents: Mapping[str, bytes], *, path: str, opens: WallTime, producer: str, named: str = ""
) -> dict[str, bytes]:
    """Files to be looked at in a browser, without a server: the two pages, and what they need.

    contents: of the folder, by name. named: the title, if it is not the one inside.

    Raises:
        BundleRefused, or a TimeError: it could not be handed in either.
    """
    made = with_page(contents, contents.__getitem__, path)
    bundle = {name: content for name, content in contents.items() if name != SOURCE}
    if made:
        bundle[PAGE] = made[PAGE]
    files = files_of(bundle)
    held = {file.digest: bundle[file.name] for file in files}
    named = named or title(bundle[PAGE].decode(errors="replace")) or path
    manifest = Manifest(path, named, opens, path, path, files)
    t = opens.resolve()
    edition = Edition(
        id=path,
        title=manifest.title,
        series="",
        path=path,
        promises=(Promise(opens, t - _ANNOUNCED),),
        versions=(version_of(manifest, seal(manifest), held.__getitem__),),
    )
    series = Series("", "", "")
    site = Site(producer, "", {"": Producer("", producer)}, {"": series}, {path: edition}, t)
    page = page_of_release(site, edition).files
    beside = {name: shown.body for name, shown in assets().items()}
    beside |= {f"{path}/{name}": content for name, content in bundle.items() if name != PAGE}
    before, after = page(t - timedelta(seconds=1))[path].body, page(t)[path].body
    pages = {BEFORE: before, AFTER: after}
    return {
        **{name: _beside(html, beside) for name, html in pages.items()},
        **{name[1:]: content for name, content in beside.items()},
    }


def _beside(html: bytes, places: Mapping[str, bytes]) -> bytes:
    """With addresses of the site as names of files beside it."""
    for place in places:
        html = html.replace(f'="{place}"'.encode(), f'="{place[1:]}"'.encode())
    return html
