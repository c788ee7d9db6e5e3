"""Answering with a file: whole, a part, or that the reader has it already."""

import structlog

from ninethirty.core.errors import SealBroken
from ninethirty.core.schedule import IDENTITY
from ninethirty.core.times import Instant
from ninethirty.gate import headers, pages
from ninethirty.gate.conditional import held_already, part_still_fits
from ninethirty.gate.encoding import choose
from ninethirty.gate.kept import SMALL_BYTES, Kept
from ninethirty.gate.ranges import Nowhere, Span, span
from ninethirty.gate.reply import Reply, page
from ninethirty.gate.request import Request
from ninethirty.gate.shown import Representation, Shown
from ninethirty.gate.stream import Stream

log = structlog.get_logger()


def answer_with_file(
    request: Request, now: Instant, shown: Shown, lifetime: int, kept: Kept
) -> Reply:
    part = _part(request, now, shown)
    # A part is always one of the file as it is: it can then be put to any other part of it.
    chosen = IDENTITY if part else choose(request.accept_encoding, shown.sizes)
    one = shown.representations[chosen]
    # A 304 that may not be kept, as just before T, makes nginx start the lifetime of what it holds
    # again, by the headers it came with. So the whole file is sent then.
    if lifetime and held_already(request, one.tag, shown.modified):
        return Reply(304, [*headers.times(now, lifetime), *one.known_by], None)
    if isinstance(part, Nowhere):
        fields = [*headers.times(now, lifetime), *one.known_by]
        return page(
            416, pages.NO_SUCH_PART, [*fields, headers.content_range(f"*/{one.size_bytes}")]
        )
    try:
        body = _body(one, part, kept)
    except (SealBroken, OSError) as broken:
        log.error("gate.seal_broken", path=request.path, encoding=chosen, reason=str(broken))
        if chosen != IDENTITY:
            plain = Request(request.method, request.path)
            return answer_with_file(plain, now, shown, lifetime, kept)
        return page(500, pages.NOT_AS_SEALED, [headers.date(now), headers.NEVER_KEPT])
    if part is None:
        return Reply(200, one.whole(now, lifetime), body)
    fields = [*headers.times(now, lifetime), *one.known_by, *one.describing]
    fields += [
        headers.content_range(part.of(one.size_bytes)),
        ("content-length", str(part.end - part.first)),
    ]
    return Reply(206, fields, body)


def _part(request: Request, now: Instant, shown: Shown) -> Span | Nowhere | None:
    """The part to send; None: the whole."""
    if not request.range or request.method != "GET":
        return None
    plain = shown.representations[IDENTITY]
    if not part_still_fits(request, plain.tag, shown.modified, now):
        return None
    return span(request.range, plain.size_bytes)


def _body(one: Representation, part: Span | None, kept: Kept) -> bytes | Stream:
    """Raises SealBroken or OSError: it does not lie here as it was sealed."""
    if one.size_bytes <= SMALL_BYTES:
        content = kept.read(one.lying)
        return content[part.first : part.end] if part else content
    # Looked at now: once the head is sent, all we can do is to break off.
    return kept.part(one.lying, part or Span(0, one.size_bytes))
