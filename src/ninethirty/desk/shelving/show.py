"""Put rendered pages in force: those that changed, all under one signature. No Django."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ninethirty.core.document import digest
from ninethirty.core.schedule import Answer, Content, Opening
from ninethirty.core.times import Instant
from ninethirty.desk.public.build import Rendered
from ninethirty.desk.public.page import Shown
from ninethirty.desk.shelf import Shelf
from ninethirty.desk.shelving.plan import last_word, same
from ninethirty.desk.shelving.standing import in_force

_WRITERS = 8
"""Threads: most of the time they wait for the disk."""


@dataclass(frozen=True)
class Armed:
    """rendered: files made. changed: those of them that were not in force already. documents: of
    the schedule, that were signed anew. version: digest of the root; empty if nothing changed."""

    rendered: int
    changed: int
    documents: int
    version: str


def arm(shelf: Shelf, rendered: Iterable[Rendered], now: Instant) -> Armed:
    """Sign a schedule in which these pages are in force, all of them at once.

    What a document says of other addresses than the page's own, such as files, stays.

    Raises:
        ScheduleRefused: two pages at one address.
    """
    pages = list(rendered)
    held = shelf.all_say(page.name for page in pages)
    planned = {page.name: _plan(page, held[page.name], now) for page in pages}
    new = {name: made for name, (made, _) in planned.items() if not same(made, held[name], now)}
    bodies = {content: body for _, found in planned.values() for content, body in found.items()}
    wanted = {
        opening.answer.digest: opening.answer
        for openings in new.values()
        for opening in openings
        if isinstance(opening.answer, Content) and opening.answer.digest in bodies
    }
    with ThreadPoolExecutor(_WRITERS) as writers:
        lying = dict(
            zip(wanted, writers.map(lambda c: _put(shelf, c, bodies), wanted.values()), strict=True)
        )
    documents = {name: [_lies(one, lying) for one in made] for name, made in new.items()}
    known = {*lying, *_digests(opening for openings in held.values() for opening in openings)}
    return Armed(
        rendered=sum(len(files) for page in pages for _, files in page.turns),
        changed=len(lying),
        documents=len(documents),
        version=shelf.publish_all(documents, now, unread=known) if documents else "",
    )


def _plan(
    page: Rendered, held: Iterable[Opening], now: Instant
) -> tuple[list[Opening], dict[str, bytes]]:
    """What its document is to say, and the bytes of what that names."""
    held = list(held)
    ours = {path for _, files in page.turns for path in files}
    if not page.own:
        ours |= {opening.path for opening in held}
    stands = {path: one for path, one in in_force(held, now).items() if path in ours}
    # What stands is kept as it was: a gate whose clock is a little behind ours still needs it.
    openings = [opening for opening in held if opening.path not in ours] + list(stands.values())
    answers: dict[str, Answer | None] = {path: one.answer for path, one in stands.items()}
    bodies: dict[str, bytes] = {}
    for at, files in page.turns:
        for path in ours:
            shown = files.get(path)
            content = _content(shown) if shown else None
            if content != answers.get(path):
                openings.append(Opening(path, at, content))
                answers[path] = content
                if shown and content:
                    bodies[content.digest] = shown.body
    return last_word(openings), bodies


def _content(shown: Shown) -> Content:
    return Content(digest(shown.body), len(shown.body), shown.media_type)


def _put(shelf: Shelf, content: Content, bodies: Mapping[str, bytes]) -> Content:
    shelf.put(bodies[content.digest])
    return shelf.prepared(content)


def _lies(opening: Opening, lying: Mapping[str, Content]) -> Opening:
    match opening.answer:
        case Content(digest=name) if not opening.answer.lies and name in lying:
            return Opening(opening.path, opening.opens, lying[name])
        case _:
            return opening


def _digests(openings: Iterable[Opening]) -> set[str]:
    return {one.answer.digest for one in openings if isinstance(one.answer, Content)}
