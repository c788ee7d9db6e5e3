"""Promise another date and time. The time is part of what is approved, so approval is void."""

from typing import Any

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, kept, note
from ninethirty.desk.actions.check_promise import check_promise
from ninethirty.desk.setup import setup


def reschedule(
    release: str,
    opens: WallTime,
    *,
    by: str,
    reason: str,
    binding: bool = True,
    **details: Any,
) -> Fact:
    """What is armed is held first. details: what else the fact is to keep.

    Raises NotAllowed, or a TimeError.
    """
    promised = opens.resolve()
    if not reason.strip():
        raise NotAllowed(f"{release}: another date is announced with its reason; none was given")
    with acting(release, Kind.RESCHEDULED, by) as (row, _):
        if promised <= setup().clock().now():
            raise NotAllowed(f"{release}: {opens} has passed; promise a time to come")
        if row.opens == str(opens):
            raise NotAllowed(f"{release}: {opens} is promised already")
        promise = check_promise(release, opens, series=row.series, binding=binding)
        if row.manifest is not None:
            row.manifest["opens"] = str(opens)
            row.save(update_fields=["manifest"])
        return note(
            release,
            Kind.RESCHEDULED,
            by,
            was=row.opens,
            reason_kept=kept(release, Kind.RESCHEDULED, reason),
            **promise,
            **details,
        )
