"""A person says that they have done a step: a judgement, or one that the runner gave up."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from ninethirty.core.attempt import again
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Reach, Step, may_start, to_be_found
from ninethirty.core.watch import ANNOUNCED, UPLOADED, Channel, read_order, write_order
from ninethirty.desk.actions.act import release_of
from ninethirty.desk.actions.tell_users import Word, row, told
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import New, append_all, facts_of, lock
from ninethirty.desk.record.models import Message
from ninethirty.desk.setup import setup

LONGEST = 500
"""Letters of an address that a message has room for."""


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
    watched = release_of(release)
    if not watched.order:
        raise NotAllowed(f"{release}: not armed, so there is nothing to compare a copy with")
    order = read_order(bytes(watched.order), setup().key().public)
    page = replace(order.channel(ANNOUNCED).page, url=address)
    copy = replace(order.channel(ANNOUNCED), name=UPLOADED, page=page, files=())
    others = tuple(channel for channel in order.channels if channel.name != UPLOADED)
    watched.order = write_order(replace(order, channels=(*others, _open(copy))), setup().key())
    watched.save(update_fields=["order"])
    # An address can name people, and facts are for ever.
    now = setup().clock().now()
    message = Message.objects.create(
        subject=release,
        channel=UPLOADED,
        at=now,
        key=f"{release}/{step.name}",
        text="uploaded by hand",
        link=address,
    )
    uploaded = New(release, Kind.UPLOADED, now, details={"message": message.id})
    return _done(release, step, by, seconded_by, [uploaded])


@transaction.atomic
def confirm_told(release: str, step: Step, word: Word, address: str, *, by: str) -> list[Fact]:
    """Users were told on that channel, by hand or by an attempt that nobody heard of again.

    address: where that can be read; empty if the channel has no such place.

    Raises NotAllowed as `confirm` does, or for what is no address.
    """
    role_on(release, by)
    if address and not (address.startswith(("http://", "https://")) and len(address) <= LONGEST):
        raise NotAllowed(f"{step.name}: give the address of what was said, from https:// on")
    if word.language not in setup().languages:
        raise NotAllowed(f"{step.name}: users are told nothing in that language here")
    lock([release])
    facts = facts_of(release)
    message, _ = Message.objects.get_or_create(
        key=f"{release}/{step.name}", defaults=row(release_of(release), word, facts)
    )
    if address:
        message.url = address
        message.save(update_fields=["url"])
    came = told(word, message)
    key = f"{release}/{came.key}{again(facts)}"
    return _done(
        release, step, by, "", [New(release, came.kind, setup().clock().now(), key, came.details)]
    )


def _open(channel: Channel) -> Channel:
    """No quiet before T: it is looked at after T alone."""
    return replace(channel, cache_busting=False)


def _done(release: str, step: Step, by: str, seconded_by: str, more: Sequence[New]) -> list[Fact]:
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
    details = {"step": step.name, "attempt": 0} | ({"with": seconded_by} if seconded_by else {})
    key = f"{release}/{step.name}/done{again(facts)}"
    done = New(release, Kind.STEP_DONE, now, key, details)
    return append_all([*more, done], actor=by, recorded=now)
