"""The orders accepted so far, kept so that a witness started while the desk is down goes on."""

from pathlib import Path

import structlog

from ninethirty.core.document import digest
from ninethirty.core.errors import NinethirtyError, OlderOrder
from ninethirty.core.watch import WatchOrder, check_newer, read_order

log = structlog.get_logger()


class Orders:
    """A folder with the last order for each release. Only the key makes an order one; where it
    was found does not matter."""

    def __init__(self, folder: Path, trusted_key: str) -> None:
        self._folder = folder
        self._trusted_key = trusted_key
        folder.mkdir(parents=True, exist_ok=True)

    def kept(self) -> list[WatchOrder]:
        files = sorted(self._folder.glob("*.json"))
        return [order for file in files if (order := self._read(file.read_bytes()))]

    def accept(self, signed: bytes) -> WatchOrder | None:
        """The order, once it is safely kept; None if it is not one of our desk's, or older than
        what is kept for the release."""
        order = self._read(signed)
        if order is None:
            return None
        file = self._folder / f"{digest(order.release.encode())}.json"
        held = self._read(file.read_bytes()) if file.exists() else None
        try:
            check_newer(order, held)
        except OlderOrder as older:
            log.error("order.refused", why=str(older))
            return None
        if order != held:
            new = file.with_suffix(".new")
            new.write_bytes(signed)
            new.replace(file)
        return order

    def _read(self, signed: bytes) -> WatchOrder | None:
        try:
            return read_order(signed, self._trusted_key)
        except NinethirtyError as refused:
            log.error("order.refused", why=str(refused))
            return None
