"""Why a name was not resolved. libcurl only says that it was not; the system's resolver knows more.

It is asked beside the looks, and nobody waits for it: it may take ten seconds, and a look's place
on the timeline must not depend on it. So the first look that fails says `dns`, and those after it
say what was found out meanwhile.
"""

import socket
import threading
import time

from ninethirty.core.sighting import Trouble

FRESH_SECONDS = 5.0
"""What was found out is said for so long; then it is asked again."""

AT_ONCE = 8
"""Hosts asked about at once. A platform that leads to ever new names should not make us threads."""

REMEMBERED = 1000


class Names:
    """`why` is for one thread."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Trouble]] = {}
        self._asked: set[str] = set()

    def why(self, host: str) -> Trouble:
        """As far as it is known now; does not wait."""
        at, trouble = self._known.get(host, (0.0, Trouble.DNS))
        stale = not at or time.monotonic() - at > FRESH_SECONDS
        if stale and host not in self._asked and len(self._asked) < AT_ONCE:
            self._asked.add(host)
            # Nobody joins it: a resolver that hangs must not hold up our end either.
            threading.Thread(target=self._ask, args=(host,), name="names", daemon=True).start()
        return trouble

    def _ask(self, host: str) -> None:
        try:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[host] = time.monotonic(), _why(host)
        finally:
            self._asked.discard(host)


def _why(host: str) -> Trouble:
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as failed:
        return _TROUBLES.get(failed.errno or 0, Trouble.DNS)
    except OSError:
        return Trouble.DNS
    # Resolved a moment later.
    return Trouble.DNS


_TROUBLES = {
    socket.EAI_NONAME: Trouble.NO_SUCH_NAME,
    # What a time-out comes out as too; but libcurl had an answer, or it would have said so.
    socket.EAI_AGAIN: Trouble.SERVFAIL,
    socket.EAI_FAIL: Trouble.SERVFAIL,
}
