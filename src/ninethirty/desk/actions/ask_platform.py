"""Raise the ticket with the platform's support, add to it, and hear what it answers."""

from django.db import transaction

from ninethirty.core.facts import Kind
from ninethirty.core.times import Instant, WallTime, at_local, latest
from ninethirty.core.watch import ANNOUNCED, read_order
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.outside.tickets.desks import help_desk
from ninethirty.desk.outside.tickets.port import Ticket
from ninethirty.desk.papers import answer, plea
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup


def raise_ticket(work: Work) -> list[Happened]:
    """One ticket per incident: every attempt has the same key and the same words."""
    release = work.release
    promise = WallTime.parse(release.opens)
    order = read_order(bytes(release.order), setup().key().public)
    message, _ = Message.objects.get_or_create(
        key=work.effect_key,
        defaults={
            "subject": release.id,
            "channel": "ticket",
            "at": setup().clock().now(),
            "title": plea.subject(release.title, promise.local),
            "text": plea.body(
                order,
                work.verdict,
                seen_since(release.id, ANNOUNCED, order.opens),
                zone=promise.zone,
                alternate=f"{setup().site}{release.path}",
                contact=setup().contact.email,
            ),
        },
    )
    release.ticket = help_desk(setup()).open(Ticket(message.title, message.text, work.effect_key))
    message.service_id = release.ticket
    message.save()
    release.save(update_fields=["ticket"])
    now = setup().clock().now()
    return [Happened(Kind.TICKET_RAISED, now, "ticket", {"message": message.id})]


def update_ticket(work: Work) -> list[Happened]:
    """Say that it has recovered, and ask for the cause."""
    body = plea.recovered(work.verdict, WallTime.parse(work.release.opens).zone)
    now = setup().clock().now()
    message, _ = Message.objects.get_or_create(
        key=work.effect_key,
        defaults={"subject": work.release.id, "channel": "ticket", "at": now, "text": body},
    )
    help_desk(setup()).add(work.release.ticket, message.text)
    return [Happened(Kind.TICKET_UPDATED, now, "ticket_updated", {"message": message.id})]


def remind_support(work: Work, number: int) -> list[Happened]:
    """Say on the same thread that nobody has answered yet."""
    raised = next(fact.at for fact in work.facts if fact.kind is Kind.TICKET_RAISED)
    zone = WallTime.parse(work.release.opens).zone
    now = setup().clock().now()
    message, _ = Message.objects.get_or_create(
        key=work.effect_key,
        defaults={
            "subject": work.release.id,
            "channel": "ticket",
            "at": now,
            "text": plea.reminder(number, at_local(latest(raised), zone)),
        },
    )
    help_desk(setup()).add(work.release.ticket, message.text)
    told = {"whom": "platform's support", "number": number, "message": message.id}
    return [Happened(Kind.REMINDED, now, f"ticket/reminded/{number}", told)]


def hear(release: Release) -> None:
    """Write down answers not heard before, each with what it states. Raises OutsideFailed."""
    now = setup().clock().now()
    comments = [
        comment for comment in help_desk(setup()).comments(release.ticket) if not comment.by_us
    ]
    with transaction.atomic():
        for comment in comments:
            message, new = Message.objects.get_or_create(
                key=f"{release.id}/answer/{comment.id}",
                defaults={
                    "subject": release.id,
                    "channel": "answer",
                    "at": comment.at,
                    # PostgreSQL keeps no text with a NUL in it.
                    "text": comment.body.replace("\0", "\ufffd"),
                    "service_id": comment.id,
                },
            )
            if not new:
                continue
            for kind in (Kind.TICKET_ANSWERED, *answer.states(comment.body)):
                append(
                    release.id,
                    kind,
                    at=Instant.of(message.at),
                    recorded=now,
                    actor="platform's support",
                    details={"message": message.id},
                )
