"""The page of a producer's statement on a breach."""

from html import escape

from ninethirty.core.times import Instant, at_local
from ninethirty.desk.public.bare import page
from ninethirty.desk.record.models import Breach

ZONE = "Europe/London"


def render_statement(breach: Breach, text: str, producer: str, at: Instant) -> str:
    """text: plain, with an empty line between paragraphs."""
    paragraphs = "\n".join(
        f"<p>{escape(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip()
    )
    told = at_local(at, ZONE)
    body = (
        f"<h1>Statement: {escape(breach.title)}</h1>\n{paragraphs}\n"
        f'<p>Reference {escape(breach.reference)}. Published <time datetime="{at.text()}">'
        f"{told:%H:%M} on {told.day} {told:%B %Y}</time>.</p>"
    )
    return page(f"Statement: {breach.title}", producer, body)
