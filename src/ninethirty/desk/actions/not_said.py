"""A person has looked for a word that may have gone out, and says that it has not."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Step, to_be_found
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Message
from ninethirty.desk.setup import setup


@transaction.atomic
def not_said(release: str, step: Step, *, by: str) -> Fact:
    """From here on nobody looks for it, and nobody is paged for it. If a person had stopped it, it
    is said once they let it go on.

    Raises NotAllowed: nobody we know, it is not looked for, it is known to have been said, or an
    attempt at it may still be under way.
    """
    role_on(release, by)
    lock([release])
    facts = facts_of(release)
    progress = Progress(facts)
    if step.name in progress.done or to_be_found(step, progress) is None:
        raise NotAllowed(f"{release}: {step.name} is not looked for")
    if progress.tries[step.name].unfinished:
        claims = [fact for fact in facts if fact.kind is Kind.STEP_CLAIMED]
        begun = max(one.recorded for one in claims if one.details["step"] == step.name)
        if setup().clock().now() < begun + step.limit:
            raise NotAllowed(
                f"{release}: a runner may still be at {step.name}; look again after "
                f"{(begun + step.limit).text()}"
            )
    row = Message.objects.filter(key=f"{release}/{step.name}").first()
    if row and row.is_out:
        raise NotAllowed(f"{release}: what {step.name} said is known, by its address or number")
    if row:
        # The next notice would take it into the feed.
        row.delete()
    return note(release, Kind.NOT_SAID, by, step=step.name)
