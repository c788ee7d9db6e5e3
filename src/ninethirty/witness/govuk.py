"""GOV.UK's own record of a page: its content item, read as far as it is as we know it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from ninethirty.core.errors import NotAnInstant
from ninethirty.core.reported import PATH, WORD, Reported
from ninethirty.core.times import Instant
from ninethirty.witness.transfer import Heard

MOST_ATTACHMENTS = 500


def read_record(heard: Heard) -> Reported | None:
    """None if what was answered is no content item."""
    if heard.trouble or heard.status != 200 or not heard.body.is_whole:
        return None
    try:
        found = json.loads(heard.body.kept())
    except (ValueError, RecursionError):
        return None
    return read_item(found, heard.url) if isinstance(found, dict) else None


def read_item(item: Mapping[str, Any], base: str) -> Reported | None:
    """None if it is no content item. base: the address it was read from."""
    document_type = item.get("document_type")
    if not isinstance(document_type, str) or not WORD.fullmatch(document_type):
        return None
    details = item.get("details")
    listed = details.get("attachments") if isinstance(details, dict) else None
    delay = item.get("scheduled_publishing_delay_seconds")
    return Reported(
        document_type,
        _instant(item.get("public_updated_at")),
        _instant(item.get("publishing_scheduled_at")),
        delay if type(delay) is int else None,
        tuple(_addresses(listed if isinstance(listed, list) else [], base))[:MOST_ATTACHMENTS],
        _destination(item.get("redirects")),
    )


def _addresses(listed: list[Any], base: str) -> list[str]:
    found = []
    for one in listed:
        if isinstance(one, dict) and isinstance(one.get("url"), str):
            try:
                found.append(urljoin(base, one["url"]))
            except ValueError:
                continue  # no address
    return found


def _destination(redirects: object) -> str:
    if isinstance(redirects, list) and redirects and isinstance(redirects[0], dict):
        found = redirects[0].get("destination")
        return found if isinstance(found, str) and PATH.fullmatch(found) else ""
    return ""


def _instant(value: object) -> Instant | None:
    try:
        return Instant.parse(value) if isinstance(value, str) else None
    except NotAnInstant:
        return None
