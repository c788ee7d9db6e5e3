"""Order a correction of what is public: a release of its own, at the same address."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, kept
from ninethirty.desk.record.facts import New, append_all
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def replace(release: str, *, opens: WallTime, by: str, reason: str) -> str:
    """The id of the correction, which is then staged, sealed, approved and armed as any release.
    What is public stays so until the correction opens.

    Raises:
        NotAllowed, or a TimeError.
    """
    promised = opens.resolve()
    with acting(release, Kind.REPLACED, by) as (row, _):
        now = setup().clock().now()
        if promised <= now:
            raise NotAllowed(f"{release}: {opens} has passed; promise a time to come")
        first = row.replaces or row.id
        earlier = Release.objects.filter(replaces=first).count()
        correction = f"{first}/correction-{earlier + 1}"
        Release.objects.create(
            id=correction,
            title=row.title,
            series=row.series,
            opens=str(opens),
            path=row.path,
            announced=row.announced,
            replaces=first,
        )
        reason_kept = kept(release, Kind.REPLACED, reason)
        promise = {"opens": str(opens), "instant": promised.text(), "corrects": release}
        append_all(
            [
                New(
                    release,
                    Kind.REPLACED,
                    now,
                    details={"correction": correction, "reason_kept": reason_kept},
                ),
                New(correction, Kind.ANNOUNCED, now, details=promise),
            ],
            actor=by,
            recorded=now,
        )
        return correction
