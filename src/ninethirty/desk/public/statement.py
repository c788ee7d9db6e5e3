"""The page of a producer's statement on a breach."""

from html import escape

from ninethirty.core.site import Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.frame import words
from ninethirty.desk.public.register import FRONT
from ninethirty.desk.public.told import moment
from ninethirty.desk.record.models import Breach


def path_of(reference: str) -> str:
    return f"/register/{reference}/statement"


def statement_page(site: Site, breach: Breach, text: str, at: Instant) -> bytes:
    """text: plain, with an empty line between paragraphs."""
    paragraphs = "\n".join(
        f"<p>{escape(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip()
    )
    told = (
        f"{paragraphs}\n<p>Reference {escape(breach.reference)}. Published at "
        f'<time datetime="{at.text()}">{moment(at, site.zone)}</time>.</p>'
    )
    title = f"Statement: {breach.title}"
    return words(site, path_of(breach.reference), title, told, [FRONT])
