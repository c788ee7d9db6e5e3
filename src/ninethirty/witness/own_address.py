"""Whether an address to look from is one of ours."""

import socket

from ninethirty.core.errors import CannotStart


def check_own_address(address: str, option: str) -> None:
    """Raises CannotStart."""
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as tried:
            tried.bind((address, 0))
    except OSError as failed:
        raise CannotStart(
            f"{option} {address}: expected an address of this machine, found another"
        ) from failed
