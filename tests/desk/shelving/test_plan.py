"""What the gate answers under any plan, at any instant: never early, whole at T."""

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from ninethirty.core import gate
from ninethirty.core.document import digest
from ninethirty.core.schedule import Answer, Content, Opening, write_document
from ninethirty.core.times import Instant
from ninethirty.desk.shelving.plan import address, plan, same
from tests.core.made import HALF_PAST, at, instants_near

PATH = "/x"
NOW = at(-60)
NAMES = ("index.html", "a.csv", "b.csv", "c.csv")
PATHS = [address(PATH, name) for name in NAMES]

bodies = st.binary(min_size=1, max_size=1)


def content(body: bytes) -> Content:
    return Content(digest(body), len(body), "text/plain")


def bundles(names: Sequence[str] = NAMES) -> st.SearchStrategy[dict[str, Content]]:
    files = st.dictionaries(st.sampled_from(names[1:]), bodies.map(content))
    return st.builds(lambda page, rest: {names[0]: page, **rest}, bodies.map(content), files)


held_before = st.lists(
    st.builds(
        Opening,
        st.sampled_from(PATHS),
        st.integers(-120, 60).map(at),
        st.none() | bodies.map(content),
    ),
    max_size=6,
    unique_by=lambda opening: (opening.path, opening.opens),
)


def answered(openings: Sequence[Opening], path: str, when: Instant) -> Answer | None:
    timeline = sorted((o for o in openings if o.path == path), key=lambda o: o.opens)
    return gate.answer(timeline, when)


@given(bundles(), st.none() | bundles(), held_before, instants_near(HALF_PAST), st.integers(0, 59))
def test_until_t_paths_answer_what_they_are_to_and_from_t_the_release_and_nothing_else(
    release: dict[str, Content],
    before: dict[str, Content] | None,
    held: list[Opening],
    near_t: Instant,
    earlier: int,
) -> None:
    planned = plan(PATH, release=release, before=before, held=held, now=NOW, opens=HALF_PAST)
    write_document("x", planned)
    early = at(-60 + earlier)
    for name, path in zip(NAMES, PATHS, strict=True):
        until_t = answered(held, path, NOW) if before is None else before.get(name)
        for when in (NOW, early, min(near_t, at(-0.000001))):
            assert answered(planned, path, when) == until_t
        for when in (HALF_PAST, max(near_t, HALF_PAST), at(10**6)):
            assert answered(planned, path, when) == release.get(name)


@given(bundles(), held_before)
@example({"index.html": content(b"1")}, [Opening(PATH, NOW, content(b"0"))])
def test_a_gate_whose_clock_is_behind_goes_on_answering_what_it_did(
    release: dict[str, Content], held: list[Opening]
) -> None:
    planned = plan(PATH, release=release, before=None, held=held, now=NOW, opens=NOW)
    write_document("x", planned)
    for name, path in zip(NAMES, PATHS, strict=True):
        stood = [o for o in held if o.path == path and o.opens <= NOW]
        last = max((o.opens for o in stood), default=NOW)
        if last < NOW:
            assert answered(planned, path, at(-60.000001)) == answered(held, path, NOW)
        assert answered(planned, path, NOW) == release.get(name)


@given(bundles(), bundles(), held_before)
def test_planning_the_same_again_is_the_same(
    release: dict[str, Content], before: dict[str, Content], held: list[Opening]
) -> None:
    once = plan(PATH, release=release, before=before, held=held, now=NOW, opens=HALF_PAST)
    again = plan(PATH, release=release, before=before, held=once, now=at(-30), opens=HALF_PAST)
    assert same(once, again, at(-30))
    other = {**release, "index.html": content(b"another page")}
    changed = plan(PATH, release=other, before=before, held=once, now=at(-30), opens=HALF_PAST)
    assert not same(once, changed, at(-30))
