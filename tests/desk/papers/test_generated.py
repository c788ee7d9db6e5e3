"""A small sample of what `python -m bench papers` measures over 2,000 forms."""

from dataclasses import replace

import pytest

from bench.papers import judged
from ninethirty.desk.papers.read import read_bytes
from tests.desk.papers.generated import GENERATIONS, Form, forms

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


@pytest.mark.parametrize("form", [f for f in SAMPLE if not f.held_out][:20], ids=lambda f: f.oddity)
def test_the_text_as_submitted_is_kept(form: Form) -> None:
    report = read_bytes(form.data)
    assert "Code of Practice" in report.submitted or "CODE OF PRACTICE" in report.submitted
    assert replace(report, submitted="").submitted == ""
