"""When a release is to open, as a person says it."""

from dataclasses import dataclass

from ninethirty.core.errors import ScheduleRefused, TimeError
from ninethirty.core.times import Instant, WallTime, zone_of
from ninethirty.desk.shelving.words import span, told_in

NOW = "now"


@dataclass(frozen=True)
class Opens:
    """A promised wall time; None: at once. `zone` is where times are told."""

    promised: WallTime | None
    zone: str

    def instant(self, now: Instant) -> Instant:
        """T.

        Raises:
            TimeError: the wall clock skips or repeats it.
            ScheduleRefused: it has passed.
        """
        if self.promised is None:
            return now
        opens = self.promised.resolve()
        if opens <= now:
            raise ScheduleRefused(
                f"--opens {self.promised}: expected a time to come, found one {span(now - opens)} "
                f"ago (it is {told_in(now, self.zone)}); to publish at once say: --opens now"
            )
        return opens


def read_opens(text: str, *, zone: str) -> Opens:
    """Read "2026-12-01 09:30 Europe/London", "... UTC", with seconds or without, or "now".

    zone: where times are told if none is named.

    Raises:
        TimeError: not a time, an unknown zone, or a time its clock skips or repeats.
    """
    if text.strip().lower() == NOW:
        zone_of(zone)
        return Opens(None, zone)
    try:
        promised = WallTime.parse(text)
        promised.resolve()
    except TimeError as wrong:
        raise type(wrong)(f"--opens {wrong}") from wrong
    return Opens(promised, promised.zone)
