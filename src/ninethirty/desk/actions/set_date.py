"""Give a release that was promised for a month or a range its exact date, or another month."""

from ninethirty.core.announcement import Provisional, check_confirms
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, kept, note
from ninethirty.desk.actions.check_promise import check_promise


def set_date(
    release: str,
    promise: WallTime | Provisional,
    *,
    by: str,
    reason: str = "",
    binding: bool = True,
) -> Fact:
    """An exact date outside what was promised before is warned of, and kept with the promise.

    Raises NotAllowed, or a TimeError.
    """
    kind = Kind.PROVISIONAL if isinstance(promise, Provisional) else Kind.ANNOUNCED
    with acting(release, kind, by) as (row, _):
        told = check_promise(release, promise, series=row.series, binding=binding)
        if isinstance(promise, WallTime):
            outside = check_confirms(promise, Provisional.parse(row.provisional))
            told["warned"] += [outside.code] if outside else []
        if reason:
            told["reason_kept"] = kept(release, kind, reason)
        return note(release, kind, by, **told)
