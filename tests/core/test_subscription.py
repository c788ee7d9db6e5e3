"""Whom a mail goes to, and who may change that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import Malformed
from ninethirty.core.letter import LINKS, Sent, link, read_link
from ninethirty.core.subscription import (
    REF_BYTES,
    Wish,
    read_address,
    read_token,
    to_be_told,
    token,
)

REFS = st.binary(min_size=REF_BYTES, max_size=REF_BYTES)
ACTS = st.sampled_from(LINKS)
TOPICS = ("/series/gdp", "/producers/office", "/series/cpi")
WISHES = st.lists(
    st.builds(
        Wish,
        id=st.integers(1, 10**9),
        address=st.sampled_from(("a@example.org", "A@example.org", "b@example.org")),
        topic=st.sampled_from(TOPICS),
        late=st.booleans(),
        told=st.booleans(),
    ),
    unique_by=lambda wish: wish.id,
)


@given(REFS, ACTS)
def test_a_link_leads_to_its_subscription_and_act(ref: bytes, act: Sent) -> None:
    made = token(b"key", act, ref)
    assert read_link(link(act, made)) == (act, made)
    assert read_token(b"key", act, made) == ref


@given(REFS, ACTS, ACTS, st.integers(0, 31), st.integers(1, 255))
def test_no_link_can_be_made_of_another(
    ref: bytes, act: Sent, other: Sent, place: int, changed: int
) -> None:
    made = token(b"key", act, ref)
    if other is not act:
        with pytest.raises(Malformed):
            read_token(b"key", other, made)
    with pytest.raises(Malformed):
        read_token(b"another key", act, made)
    raw = bytearray(ref + b"\0" * 16)
    raw[place % REF_BYTES] ^= changed
    with pytest.raises(Malformed):
        read_token(b"key", act, token(b"key", act, bytes(raw[:REF_BYTES]))[:22] + made[22:])


@given(st.text(max_size=60))
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="not a token"):
        read_token(b"key", Sent.LEAVE, text)


def test_other_addresses_are_no_links() -> None:
    for path in ("/", "/subscription/leave/", "/subscription/stay/abc", "/subscription/leave/a.b"):
        assert read_link(path) is None
    assert read_link(f"/subscription/leave/{'a' * 101}") is None


@given(WISHES, st.sets(st.sampled_from(TOPICS)), st.booleans())
def test_everybody_who_asked_is_told_once_and_nobody_else(
    wishes: list[Wish], topics: set[str], late: bool
) -> None:
    chosen = to_be_told(wishes, topics, late=late)
    by_id = {wish.id: wish for wish in wishes}
    told = [by_id[id].address.casefold() for id in chosen]
    wanted = {
        wish.address.casefold()
        for wish in wishes
        if wish.told and wish.topic in topics and (wish.late or not late)
    }
    assert sorted(told) == sorted(wanted)
    assert chosen == sorted(chosen)
    assert all(by_id[id].told for id in chosen)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Me.Too+x@Example.ORG\n", "Me.Too+x@example.org"),
        ("a@b.co", "a@b.co"),
        ("o'neil@sub.example.org", "o'neil@sub.example.org"),
    ],
)
def test_an_address_is_kept_as_it_is_typed(typed: str, kept: str) -> None:
    assert read_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "me",
        "me@localhost",
        "a b@example.org",
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@example.org, b@example.org",
        "\u00e9@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 60}.org",
    ],
)
def test_what_mail_could_not_go_to_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Malformed, match="not an address we can write to"):
        read_address(typed)
