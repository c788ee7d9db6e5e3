"""The page on punctuality of a platform or a producer: figures in words, and three charts."""

from collections.abc import Sequence
from html import escape

from ninethirty.core.period import Period
from ninethirty.core.punctuality import Kept, Source, in_words
from ninethirty.desk.charts.run import run
from ninethirty.desk.charts.spread import spread
from ninethirty.desk.charts.strip import strip
from ninethirty.desk.public.bare import page


def punctuality_page(
    period: Period, kept: Sequence[Kept], causes: dict[str, str], papers: Sequence[str], owner: str
) -> bytes:
    """kept: what the period counted. causes: code -> words. papers: addresses of the report."""
    asked, figures = period.asked, period.figures
    charts = [
        strip(kept, asked.zone, asked.late_after),
        spread(one.announced for one in kept),
        run(kept, asked.zone, causes),
    ]
    told = "\n".join(
        f"<li>within {tolerance.total_seconds():.0f} s: {share.surely:,} surely, "
        f"{share.possibly:,} possibly, of {share.of:,}</li>"
        for tolerance, share in figures.on_time.items()
    )
    links = ", ".join(
        f'<a href="{escape(path)}">{path.rpartition(".")[2].upper()}</a>' for path in papers
    )
    reported = period.sources.get(Source.REPORTED, 0)
    title = f"Punctuality of {asked.name}"
    body = (
        f"<h1>{escape(title)}</h1>\n<p>{asked.first} to {asked.last}. "
        f"{figures.releases:,} releases, of which {reported:,} {Source.REPORTED}.</p>\n"
        f"<ul>\n{told}\n<li>half of them took {in_words(figures.median)}; 19 of 20 "
        f"{in_words(figures.tail)}; the worst {in_words(figures.worst)}</li>\n</ul>\n"
        f"<p>The period report: {links}</p>\n"
        + "\n".join(f"<h2>{escape(one.title)}</h2>\n{one.html}" for one in charts)
    )
    return page(title, owner, body).encode()
