"""A small sample of what `python -m bench papers` measures over 2,000 forms."""

from bench.papers import judged
from ninethirty.desk.papers.read import read_bytes
from tests.desk.papers.generated import GENERATIONS, forms

SAMPLE = forms(120, seed=7)


def test_the_sample_holds_every_generation_and_some_oddities_that_were_held_out() -> None:
    assert {form.truth.form for form in SAMPLE} == set(GENERATIONS)
    assert sum(form.held_out for form in SAMPLE) == 12


def test_nothing_is_invented_and_nearly_everything_is_read() -> None:
    found = [
        (form.oddity, *one) for form in SAMPLE for one in judged(form.truth, read_bytes(form.data))
    ]
    assert [one for one in found if one[3]] == []
    assert sum(one[2] for one in found) >= 0.95 * len(found)


def test_the_text_as_submitted_is_kept() -> None:
    for form in SAMPLE:
        if form.kind == "txt":
            assert read_bytes(form.data).submitted == form.data.decode()
