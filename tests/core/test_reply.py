"""A mail is taken for what its first line says, and for nothing that it only sounds like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.reply import FIRST_LINES, Reply, read_reply
from ninethirty.core.submission import Says


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("Accepted.\n\nThank you.", Reply(Says.ACCEPTED, "", "Thank you.")),
        (
            "\n is not a breach:\nIt was granted.",
            Reply(Says.ADVISED, "is not a breach", "It was granted."),
        ),
        ("Questions\nWho saw it?", Reply(Says.RETURNED, "", "Who saw it?")),
        ("Questions", Reply(Says.RECEIVED, "", "Questions")),
        ("Accepted in part\nbut", Reply(Says.RECEIVED, "", "Accepted in part\nbut")),
        ("", Reply(Says.RECEIVED, "", "")),
    ],
)
def test_the_first_line_says_it_or_a_person_reads_it(words: str, reply: Reply) -> None:
    assert read_reply(words) == reply


@given(st.text())
def test_no_other_line_decides_anything(words: str) -> None:
    first = words.strip().partition("\n")[0].strip().strip(".:!").casefold()
    if first not in FIRST_LINES:
        assert read_reply(words) == Reply(Says.RECEIVED, "", words.strip())
