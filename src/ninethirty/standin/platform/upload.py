"""What the producer sends to the platform ahead of time, read strictly."""

import base64
from typing import Any

from ninethirty.core.times import Instant
from ninethirty.standin.moment import moment
from ninethirty.standin.platform.scheduled import Scheduled, media_of


class UploadRefused(ValueError):
    """Its message says which part is wrong."""


def scheduled(slug: str, document: dict[str, Any] | None, seed: int) -> Scheduled:
    """Raises UploadRefused."""
    match document:
        case {
            "title": str(title),
            "opens": str(opens),
            "body_html": str(body_html),
            "files": dict(files),
        }:
            return Scheduled(
                slug=slug,
                title=title,
                opens=_opens(opens),
                body_html=body_html,
                files={_name(name): _content(name, text) for name, text in files.items()},
                media=media_of(slug, seed),
            )
        case _:
            raise UploadRefused("wanted: title, opens, body_html, and files by name in base64")


def _opens(text: str) -> Instant:
    try:
        return moment(text)
    except ValueError as wrong:
        raise UploadRefused(f"opens: {wrong}") from wrong


def _name(name: str) -> str:
    if not name or "/" in name:
        raise UploadRefused(f"files: {name!r} is not a file name")
    return name


def _content(name: str, text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError) as wrong:
        raise UploadRefused(f"files: {name} is not base64") from wrong
