"""Something to look at again in a file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """file: its name in the bundle; empty: of the release as a whole. says: what, and what to do.
    May hold a person's name, so that it is shown and never recorded."""

    file: str
    says: str
