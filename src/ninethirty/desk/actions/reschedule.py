"""Promise another date and time. The time is part of what is approved, so approval is void."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, kept, note
from ninethirty.desk.actions.check_promise import check_promise
from ninethirty.desk.setup import setup


def reschedule(release: str, opens: WallTime, *, by: str, reason: str) -> Fact:
    """What is armed is held first. Raises NotAllowed, or a TimeError."""
    promised = opens.resolve()
    with acting(release, Kind.RESCHEDULED, by) as (row, _):
        if promised <= setup().clock().now():
            raise NotAllowed(f"{release}: {opens} has passed; promise a time to come")
        warned = check_promise(release, opens)
        if row.manifest is not None:
            row.manifest["opens"] = str(opens)
            row.save(update_fields=["manifest"])
        return note(
            release,
            Kind.RESCHEDULED,
            by,
            opens=str(opens),
            instant=promised.text(),
            was=row.opens,
            warned=warned,
            reason_kept=kept(release, Kind.RESCHEDULED, reason),
        )
