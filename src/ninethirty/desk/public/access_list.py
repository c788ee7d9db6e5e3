"""Who could see a release before everybody else: by job and organisation, and no name."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ninethirty.core.site import Site
from ninethirty.core.times import Instant
from ninethirty.desk.public.frame import words
from ninethirty.desk.public.page import Page, Shown


class Line(NamedTuple):
    """begins: minutes before T. reason: why it was longer than the law allows, if it was."""

    job: str
    organisation: str
    tier: str
    purpose: str
    begins: int
    reason: str = ""


def path_of(release_path: str) -> str:
    return f"{release_path}/pre-release-access"


def access_page(
    site: Site, release: str, path: str, title: str, lines: Sequence[Line], opens: Instant
) -> Page:
    """There from the time of the release on; one document, so that it changes as a whole."""
    at_path = path_of(path)
    named = f"Pre-release access: {title}"
    body = words(site, at_path, named, _table(lines), [(path, title)])
    shown = {at_path: Shown(body)}
    return Page(f"access/{release}", (opens,), lambda at: shown if at >= opens else {}, own=True)


def _table(lines: Sequence[Line]) -> str:
    if not lines:
        return "<p>Nobody outside the producer could see it before it was released.</p>"
    head = "".join(
        f'<th scope="col" class="govuk-table__header">{name}</th>'
        for name in ("Job", "Organisation", "Purpose", "From")
    )
    rows = "".join(f"<tr>{_row(line)}</tr>" for line in sorted(lines))
    return (
        "<p>These could see it before it was released, by a personal link and for their purpose "
        "alone.</p>"
        f'<table class="govuk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(line: Line) -> str:
    hours, minutes = divmod(line.begins, 60)
    since = " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes else [])])
    purpose = f"{line.purpose} ({line.tier})"
    if line.reason:
        purpose += f". Beyond the usual because: {line.reason}"
    cells = (line.job, line.organisation, purpose, f"{since} before")
    return "".join(f'<td class="govuk-table__cell">{escape(cell)}</td>' for cell in cells)
