"""A person says that they have done a step: a judgement, or one that the runner gave up."""

from dataclasses import replace

from django.db import transaction

from ninethirty.core.attempt import again
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Reach, Step, may_start, to_be_found
from ninethirty.core.watch import ANNOUNCED, UPLOADED, Channel, read_order, write_order
from ninethirty.desk.actions.act import release_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import New, append_all, facts_of, lock
from ninethirty.desk.record.models import Message
from ninethirty.desk.setup import setup


@transaction.atomic
def confirm(release: str, step: Step, *, by: str, seconded_by: str = "") -> list[Fact]:
    """Raises NotAllowed: nobody we know, not to be done now, or one person where it takes two."""
    lock([release])
    return _done(release, step, by, seconded_by, [])


@transaction.atomic
def confirm_upload(
    release: str, step: Step, address: str, *, by: str, seconded_by: str
) -> list[Fact]:
    """The page stands at another address too; from now on witnesses look at it there.

    Raises NotAllowed as `confirm` does.
    """
    role_on(release, by)
    lock([release])
    row = release_of(release)
    if not row.order:
        raise NotAllowed(f"{release}: not armed, so there is nothing to compare a copy with")
    order = read_order(bytes(row.order), setup().key().public)
    page = replace(order.channel(ANNOUNCED).page, url=address)
    copy = replace(order.channel(ANNOUNCED), name=UPLOADED, page=page, files=())
    others = tuple(channel for channel in order.channels if channel.name != UPLOADED)
    row.order = write_order(replace(order, channels=(*others, _open(copy))), setup().key())
    row.save(update_fields=["order"])
    # An address can name people, and facts are for ever.
    message = Message.objects.create(
        subject=release,
        channel=UPLOADED,
        at=setup().clock().now(),
        key=f"{release}/{step.name}",
        text="uploaded by hand",
        link=address,
    )
    return _done(release, step, by, seconded_by, [(Kind.UPLOADED, {"message": message.id})])


def _open(channel: Channel) -> Channel:
    """No quiet before T: it is looked at after T alone."""
    return replace(channel, cache_busting=False)


def _done(
    release: str, step: Step, by: str, seconded_by: str, more: list[tuple[Kind, dict[str, int]]]
) -> list[Fact]:
    role_on(release, by)
    if step.reach is Reach.JUDGEMENT:
        if seconded_by in ("", by):
            raise NotAllowed(f"{step.name}: cannot be taken back, so a second person must agree")
        role_on(release, seconded_by)
    facts = facts_of(release)
    progress = Progress(facts)
    if step.name in progress.done:
        raise NotAllowed(f"{release}: {step.name} is done already")
    # Of what the runner cannot find again a person may say that it is there.
    if may_start(step, progress) is None and to_be_found(step, progress) is None:
        raise NotAllowed(f"{release}: {step.name} is not to be done now")
    now = setup().clock().now()
    told = {"step": step.name, "attempt": 0} | ({"with": seconded_by} if seconded_by else {})
    news = [New(release, kind, now, details=details) for kind, details in more]
    news.append(
        New(release, Kind.STEP_DONE, now, f"{release}/{step.name}/done{again(facts)}", told)
    )
    return append_all(news, actor=by, recorded=now)
