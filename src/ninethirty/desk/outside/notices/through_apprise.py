"""Whatever Apprise can reach, for channels without an adapter of ours.

`pip install ninethirty[apprise]`. It says only whether all went well: no id, and no way to read
back. So it is like a room. github.com/caronc/apprise: "Development API", as of 2026-11.
"""

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.desk.outside.notices.port import Notice, Posted, unreadable
from ninethirty.desk.service import Service


class ThroughApprise:
    """The service's token is an address of Apprise, itself a secret; its url a name for it.

    Raises CannotStart: Apprise is not installed, or does not know such an address.
    """

    def __init__(self, service: Service) -> None:
        try:
            import apprise
        except ImportError as missing:
            raise CannotStart(
                f"{service.url}: needs Apprise; install ninethirty[apprise]"
            ) from missing
        self._name = service.url
        self._apprise = apprise.Apprise()
        if not self._apprise.add(service.secret):
            raise CannotStart(f"{service.url}: its token is no address that Apprise knows")

    def post(self, notice: Notice) -> Posted:
        if not self._apprise.notify(title=notice.title, body=notice.short):
            raise OutsideFailed(
                f"{self._name}: Apprise says no more than that it failed",
                retry=False,
                happened_perhaps=True,
            )
        return Posted(notice.slug)

    def find(self, notice: Notice) -> Posted | None:
        raise unreadable(self._name, notice)

    def check(self) -> None:
        """Nothing can be asked of it without posting."""
