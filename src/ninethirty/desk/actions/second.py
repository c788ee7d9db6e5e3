"""A judgement takes two people: one says that it is done, the other agrees in their own name."""

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Reach, Step, may_start
from ninethirty.desk.actions.act import note, release_of
from ninethirty.desk.actions.confirm import confirm, confirm_upload
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Message
from ninethirty.desk.setup import setup

UPLOAD = "upload_elsewhere"
"""The step that says at which address a copy stands."""


@transaction.atomic
def ask_second(release: str, step: Step, *, by: str, address: str = "") -> Fact:
    """Nothing is done by it, and asking anew takes the place of what was asked before.

    address: where the copy stands, of an upload.

    Raises NotAllowed: nobody we know, not a judgement, not to be done now, or an upload without an
    address.
    """
    role_on(release, by)
    if step.reach is not Reach.JUDGEMENT:
        raise NotAllowed(f"{step.name}: one person is enough for it")
    if step.name == UPLOAD and not address.startswith(("http://", "https://")):
        raise NotAllowed(f"{step.name}: give the address of the copy, from https:// on")
    lock([release])
    release_of(release)
    progress = Progress(facts_of(release))
    if step.name in progress.done:
        raise NotAllowed(f"{release}: {step.name} is done already")
    if may_start(step, progress) is None:
        raise NotAllowed(f"{release}: {step.name} is not to be done now")
    details = {"message": _keep(release, step, address)} if address else {}
    return note(release, Kind.SECOND_ASKED, by, step=step.name, **details)


@transaction.atomic
def agree(release: str, step: Step, *, by: str, asked: int) -> list[Fact]:
    """It is done, by the word of both. asked: number of the fact that they have read and agree to.

    Raises NotAllowed: nobody asked, something else was asked since, or it is the one who asked who
    agrees.
    """
    role_on(release, by)
    lock([release])
    last = asked_second(facts_of(release, kinds=[Kind.SECOND_ASKED]), step)
    if last is None:
        raise NotAllowed(f"{release}: nobody has said yet that {step.name} is done")
    if last.n != asked:
        raise NotAllowed(f"{release}: {last.actor} says something else now; read it, then agree")
    if step.name != UPLOAD:
        return confirm(release, step, by=by, seconded_by=last.actor)
    address = Message.objects.get(id=last.details["message"]).link
    return confirm_upload(release, step, address, by=by, seconded_by=last.actor)


def asked_second(facts: list[Fact], step: Step) -> Fact | None:
    """Who asked last that somebody agree to this step."""
    asked = [fact for fact in facts if fact.kind is Kind.SECOND_ASKED]
    return next((fact for fact in reversed(asked) if fact.details["step"] == step.name), None)


def _keep(release: str, step: Step, address: str) -> int:
    """An address can name people, and facts are for ever."""
    earlier = Message.objects.filter(subject=release, channel="second").count()
    return Message.objects.create(
        key=f"{release}/second/{earlier + 1}",
        subject=release,
        channel="second",
        about=step.name,
        at=setup().clock().now(),
        text="asked to agree",
        link=address,
    ).id
