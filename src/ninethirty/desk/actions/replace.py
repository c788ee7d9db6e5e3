"""Order a correction of what is public: a release of its own, at the same address."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import acting, kept, release_of
from ninethirty.desk.record.facts import New, append_all, lock
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


@transaction.atomic
def replace(release: str, *, opens: WallTime, by: str, reason: str) -> str:
    """The id of the correction, which is then staged, sealed, approved and armed as any release.
    What is public stays so until the correction opens.

    Raises:
        NotAllowed, or a TimeError.
    """
    promised = opens.resolve()
    told = release_of(release)
    first = told.replaces or told.id
    correction = f"{first}/correction-{Release.objects.filter(replaces=first).count() + 1}"
    # Both at once, in their order: the tenth sorts before the ninth.
    lock([release, correction])
    with acting(release, Kind.REPLACED, by) as (row, _):
        now = setup().clock().now()
        if promised <= now:
            raise NotAllowed(f"{release}: {opens} has passed; promise a time to come")
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
