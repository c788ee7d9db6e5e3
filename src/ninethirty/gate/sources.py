"""The sources of a gate, as a person names them, and in what order they are asked."""

import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from ninethirty.core.errors import CannotStart
from ninethirty.gate.source import Backed, Folder, Source
from ninethirty.gate.web import Web

REST = 5.0
"""Real seconds for which a source that failed is left alone: waiting for it must not keep a new
schedule of another one from being in force within a second."""


def source(told: str, *, token: str = "") -> Source:
    """The source that is told: a folder, an address, or a bucket.

    Raises:
        CannotStart: it is another kind, or what reads buckets is not installed.
    """
    scheme, colon, _ = told.partition("://")
    match scheme if colon else "":
        case "":
            return Folder(Path(told))
        case "http" | "https":
            return Web(told, token)
        case "s3":
            return _bucket(told)
        case _:
            raise CannotStart(
                f"--from {told}: expected a folder, http://, https:// or s3://BUCKET/PREFIX"
            )


def _bucket(told: str) -> Source:
    try:
        # Not with a plain import: a gate without a bucket needs none of it.
        made: Source = import_module("ninethirty.gate.bucket").Bucket(told)
    except ModuleNotFoundError as missing:
        raise CannotStart(
            f"--from {told}: a bucket needs obstore; pip install 'ninethirty[s3]'"
        ) from missing
    return made


class InOrder:
    """Sources that are to be asked now, each backed by those after it and then those before."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = [
            Backed(first, [*sources[place + 1 :], *sources[:place]])
            for place, first in enumerate(sources)
        ]
        self._asked_again = [0.0] * len(sources)

    def awake(self) -> Iterator[tuple[int, Backed]]:
        for place, one in enumerate(self._sources):
            if time.monotonic() >= self._asked_again[place]:
                yield place, one

    def rest(self, place: int) -> None:
        """This one cannot be asked now."""
        self._asked_again[place] = time.monotonic() + REST
