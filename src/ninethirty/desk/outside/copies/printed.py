"""A copy that is only announced in the log."""

from collections.abc import Mapping, Sequence

import structlog

from ninethirty.core.errors import OutsideFailed

log = structlog.get_logger()


class Printed:
    """It knows what it was given as long as it lives, so that it can be read back."""

    def __init__(self) -> None:
        self._staged: dict[str, dict[str, bytes]] = {}
        self._public: dict[tuple[str, str], bytes] = {}

    def stage(self, private: str, files: Mapping[str, bytes]) -> None:
        self._staged[private] = dict(files)
        log.info("copy.staged", files=len(files))

    def open(self, private: str, path: str, names: Sequence[str]) -> None:
        for name in names:
            try:
                self._public[path, name] = self._staged[private][name]
            except KeyError as missing:
                raise OutsideFailed(f"{name}: was not staged", retry=True) from missing
            log.info("copy.public", path=path, name=name)

    def read(self, path: str, name: str) -> bytes:
        try:
            return self._public[path, name]
        except KeyError as missing:
            raise OutsideFailed(f"{path}/{name}: is not there", retry=True) from missing

    def check(self) -> None:
        """Printing always works."""
