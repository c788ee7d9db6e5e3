"""Files made smaller once, when they are sealed: a gate only moves bytes."""

import gzip
from collections.abc import Callable, Mapping

import brotli  # type: ignore[import-untyped]
import zstandard

from ninethirty.core.schedule import Content

SMALLEST_BYTES = 1 << 10
"""Below this the file fits one packet anyway."""

LARGEST_BYTES = 64 << 20
"""Squeezed in memory; larger files are sent as they are."""

_TEXTS = (
    "application/json",
    "application/javascript",
    "application/xml",
    "image/svg+xml",
)

ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    # Brotli 11 takes 129 ms for 100 kB, brotli 5 takes 2.5 ms.
    "br": lambda plain: bytes(brotli.compress(plain, quality=5)),
    "zstd": lambda plain: zstandard.compress(plain, 6),
    # No time of making: the same file gives the same bytes every time.
    "gzip": lambda plain: gzip.compress(plain, 6, mtime=0),
}


def worth_squeezing(content: Content) -> bool:
    """Text, and neither too small nor too large."""
    media_type = content.media_type.partition(";")[0].strip().lower()
    text = media_type.startswith("text/") or media_type.endswith(("+json", "+xml"))
    fits = SMALLEST_BYTES <= content.size_bytes <= LARGEST_BYTES
    return fits and (text or media_type in _TEXTS)


def squeezed(plain: bytes) -> dict[str, bytes]:
    """The encodings of it that are smaller."""
    made = {name: encode(plain) for name, encode in ENCODERS.items()}
    return {name: content for name, content in made.items() if len(content) < len(plain)}
