"""A word of ours can be told from anybody else's, and from an old one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import Malformed, SealBroken
from ninethirty.core.webhook import FRESH, check, sign
from tests.core.made import HALF_PAST

BODY = b'{"reason":"late"}'


@given(st.text(min_size=1), st.binary())
def test_what_we_signed_is_ours(secret: str, body: bytes) -> None:
    check(secret, sign(secret, HALF_PAST, body), body, HALF_PAST)


@pytest.mark.parametrize(
    ("secret", "body"), [("another", BODY), ("secret", BODY + b" "), ("secret", b"")]
)
def test_another_secret_or_another_body_is_not(secret: str, body: bytes) -> None:
    with pytest.raises(SealBroken, match="does not fit"):
        check(secret, sign("secret", HALF_PAST, BODY), body, HALF_PAST)


def test_a_word_sent_again_later_is_refused_although_it_was_ours() -> None:
    signed = sign("secret", HALF_PAST, BODY)
    for apart in (FRESH, -FRESH):
        check("secret", signed, BODY, HALF_PAST + apart)
        with pytest.raises(SealBroken, match="which is not now"):
            check("secret", signed, BODY, HALF_PAST + apart * 1.01)


def test_its_time_cannot_be_made_newer() -> None:
    later = HALF_PAST + timedelta(hours=1)
    signed = sign("secret", HALF_PAST, BODY).replace(HALF_PAST.text(), later.text())
    with pytest.raises(SealBroken, match="does not fit"):
        check("secret", signed, BODY, later)


@pytest.mark.parametrize(
    "signature", ["", "t=", "v1=00", "t=yesterday,v1=00", "t=2026-12-01T09:30:00Z"]
)
def test_what_is_no_signature_is_called_so(signature: str) -> None:
    with pytest.raises(Malformed, match="expected t=INSTANT,v1=HEX"):
        check("secret", signature, BODY, HALF_PAST)
