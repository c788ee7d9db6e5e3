"""The twin that only prints."""

import structlog

from ninethirty.desk.outside.tickets.port import Comment, Ticket

log = structlog.get_logger()


class Printed:
    def check(self) -> None:
        pass

    def open(self, ticket: Ticket) -> str:
        log.info("ticket.printed", subject=ticket.subject, body=ticket.body)
        return f"printed-{ticket.key}"

    def add(self, ticket_id: str, body: str) -> None:
        log.info("ticket.printed", ticket=ticket_id, body=body)

    def comments(self, ticket_id: str) -> list[Comment]:
        return []
