"""Pages made from data are held to it by `make check`."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from ninethirty.core.release import MOVES, Role
from ninethirty.desk.runner import book
from workshop import lifecycle, runbooks


@pytest.mark.parametrize("made", [lifecycle, runbooks], ids=lambda made: made.__name__)
def test_a_page_that_is_not_what_the_data_says_fails_the_check(
    made: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert made.main(["--check"]) == 0
    page = tmp_path / made.PAGE.name
    monkeypatch.setattr(made, "PAGE", page)
    assert made.main(["--check"]) == 1, "it is not there at all"
    assert made.main([]) == 0
    assert made.main(["--check"]) == 0
    written = page.read_text()
    page.write_text(written.replace("approve", "wave through", 1))
    assert (made.main(["--check"]), page.read_text() != written) == (1, True)
    assert "is stale: run make fix" in capsys.readouterr().err


def test_a_step_that_takes_another_time_makes_the_page_stale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, steps = next(iter(book.RUNBOOKS.items()))
    changed = {replace(step, deadline=timedelta(hours=9)): act for step, act in steps.items()}
    monkeypatch.setitem(book.RUNBOOKS, name, changed)
    assert runbooks.main(["--check"]) == 1


def test_a_role_that_may_do_more_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = MOVES
    more = replace(first, by=first.by | {Role.AUDITOR})
    monkeypatch.setattr(lifecycle, "MOVES", (more, *others))
    assert lifecycle.main(["--check"]) == 1
