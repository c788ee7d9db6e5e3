"""What the producer's own rules say of a date, before it is promised."""

from ninethirty.core.announcement import Circumstances, Weight, judge
from ninethirty.core.errors import NotAllowed
from ninethirty.core.times import WallTime, at_local
from ninethirty.desk.outside.calendars.days_off import days_off
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def check_promise(release: str, opens: WallTime) -> list[str]:
    """Codes of what is warned of, to be kept with the promise.

    Raises:
        NotAllowed: the rules refuse it; says all that speaks against it.
    """
    rules = setup().promises
    now = at_local(setup().clock().now(), rules.usual.zone)
    known = Circumstances(
        today=now.date(),
        days_off=days_off(rules.places, rules.closures),
        leave=rules.leave,
        others=Release.objects.filter(opens=str(opens)).exclude(id=release).count(),
    )
    found = judge(opens, rules.usual, known)
    if any(finding.weight is Weight.REFUSED for finding in found):
        raise NotAllowed(f"{release}: " + "; ".join(finding.says for finding in found))
    return [finding.code for finding in found]
