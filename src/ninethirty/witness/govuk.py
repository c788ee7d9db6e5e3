"""What GOV.UK itself says of a page: its content item.

The item is a hint from the party being watched. It is told beside a verdict, and never decides one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ninethirty.core.errors import NotAnInstant
from ninethirty.core.times import Instant

UNRELEASED = ("coming_soon", "placeholder", "gone", "redirect", "vanish")


@dataclass(frozen=True)
class ContentItem:
    """attachments: addresses of the files it lists. delay_seconds: how late its own scheduler was;
    None if it did not say."""

    document_type: str
    base_path: str
    public_updated_at: Instant | None
    scheduled_at: Instant | None
    delay_seconds: int | None
    attachments: tuple[str, ...]
    leads_to: str = ""

    @property
    def is_announcement(self) -> bool:
        return self.document_type.endswith("_announcement")

    @property
    def is_released(self) -> bool:
        return not self.is_announcement and not self.document_type.startswith(UNRELEASED)

    def words(self) -> str:
        """One line for a person."""
        said = [f"GOV.UK calls it {self.document_type}"]
        if self.public_updated_at:
            said.append(f"public since {self.public_updated_at.text()}")
        if self.scheduled_at:
            said.append(f"scheduled for {self.scheduled_at.text()}")
        if self.delay_seconds is not None:
            said.append(f"its scheduler was {self.delay_seconds} s late")
        if self.leads_to:
            said.append(f"it leads to {self.leads_to}")
        return "; ".join(said)


def read_item(item: Mapping[str, Any], base: str) -> ContentItem | None:
    """None if it is no content item. base: the address it was read from."""
    document_type = item.get("document_type")
    if not isinstance(document_type, str):
        return None
    details = item.get("details")
    details = details if isinstance(details, dict) else {}
    delay = item.get("scheduled_publishing_delay_seconds")
    listed = details.get("attachments")
    redirects = item.get("redirects")
    return ContentItem(
        document_type,
        str(item.get("base_path", "")),
        _instant(item.get("public_updated_at")),
        _instant(item.get("publishing_scheduled_at")),
        delay if isinstance(delay, int) else None,
        tuple(
            urljoin(base, one["url"])
            for one in (listed if isinstance(listed, list) else [])
            if isinstance(one, dict) and isinstance(one.get("url"), str)
        ),
        _destination(redirects),
    )


def _destination(redirects: object) -> str:
    if isinstance(redirects, list) and redirects and isinstance(redirects[0], dict):
        return str(redirects[0].get("destination", ""))
    return ""


def _instant(value: object) -> Instant | None:
    try:
        return Instant.parse(value) if isinstance(value, str) else None
    except NotAnInstant:
        return None
