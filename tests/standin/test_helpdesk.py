from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ninethirty.standin.helpdesk import API, HelpDesk
from ninethirty.standin.log import Log, read
from ninethirty.standin.serving import Serving
from ninethirty.standin.ticket import AGENT, REQUESTER, Habits
from tests.standin.drill import TOKEN, Hands, Heard, ask, at, basic

RAISED = at(minutes=1)


@dataclass(frozen=True)
class Desk:
    url: str
    clock: Hands

    def ask(self, path: str, method: str = "GET", body: Any = None, key: str = "") -> Heard:
        headers = basic("press@producer.example/token")
        if key:
            headers["Idempotency-Key"] = key
        return ask(self.url, path, method=method, body=body, headers=headers)

    def raise_ticket(self, body: str = "The page is not there.", key: str = "") -> Heard:
        ticket = {"subject": "Late", "comment": {"body": body}, "priority": "urgent"}
        return self.ask(f"{API}.json", "POST", {"ticket": ticket}, key)

    def conversation(self, number: int) -> list[dict[str, Any]]:
        comments: list[dict[str, Any]] = self.ask(f"{API}/{number}/comments.json").json()[
            "comments"
        ]
        return comments


@contextmanager
def desk(folder: Path, habits: Habits | None = None, *, silent: bool = False) -> Iterator[Desk]:
    clock = Hands(RAISED)
    with Log(folder / "log") as log:
        function = HelpDesk(
            token=TOKEN, seed=0, habits=habits or Habits(), silent=silent, clock=clock, log=log
        )
        with Serving(function, clock, ["127.0.0.1"], 0) as server:
            yield Desk(server.url, clock)


def test_a_repeated_key_returns_the_one_ticket(tmp_path: Path) -> None:
    with desk(tmp_path) as place:
        first, again = place.raise_ticket(key="k"), place.raise_ticket(key="k")
    assert first.json() == again.json()
    assert [heard.headers["x-idempotency-lookup"] for heard in (first, again)] == ["miss", "hit"]
    assert [line["what"] for line in read(tmp_path / "log")] == ["ticket"]


def test_a_key_used_for_other_words_is_refused(tmp_path: Path) -> None:
    with desk(tmp_path) as place:
        place.raise_ticket(key="k")
        assert place.raise_ticket("Something else.", key="k").status == 400


def test_a_key_is_forgotten_after_a_day_and_no_key_makes_a_ticket_each_time(tmp_path: Path) -> None:
    with desk(tmp_path) as place:
        numbers = {place.raise_ticket(key="k").json()["ticket"]["id"]}
        place.clock.show(at(minutes=24 * 60 + 1))
        numbers |= {place.raise_ticket(key=key).json()["ticket"]["id"] for key in ("k", "", "")}
    assert len(numbers) == 4


def test_the_agents_answer_when_they_are_due(tmp_path: Path) -> None:
    fixed = Habits(fixed_at=at(minutes=88))
    with desk(tmp_path, fixed) as place:
        number = place.raise_ticket().json()["ticket"]["id"]
        counts = []
        for minutes in (1, 4.99, 5, 50.99, 51, 87.99, 88):
            place.clock.show(at(minutes=minutes))
            counts.append(len(place.conversation(number)))
        said = place.conversation(number)
    assert counts == [1, 1, 2, 2, 3, 3, 4]
    assert [comment["created_at"] for comment in said] == [
        at(minutes=minutes).text() for minutes in (1, 5, 51, 88)
    ]
    assert [comment["author_id"] for comment in said] == [REQUESTER, AGENT, AGENT, AGENT]
    assert "placeholder" in said[2]["body"]
    logged = read(tmp_path / "log")
    assert [line["what"] for line in logged] == ["ticket", "comment", "comment", "comment"]
    assert [line["id"] for line in logged[1:]] == [comment["id"] for comment in said[1:]]


def test_a_fix_is_not_spoken_of_before_its_cause(tmp_path: Path) -> None:
    with desk(tmp_path, Habits(fixed_at=at(minutes=10))) as place:
        number = place.raise_ticket().json()["ticket"]["id"]
        place.clock.show(at(minutes=50))
        assert len(place.conversation(number)) == 2


def test_what_the_requester_adds_is_in_the_conversation(tmp_path: Path) -> None:
    with desk(tmp_path) as place:
        number = place.raise_ticket().json()["ticket"]["id"]
        place.clock.show(at(minutes=20))
        comment = {"ticket": {"comment": {"body": "Still not there."}}}
        assert place.ask(f"{API}/{number}.json", "PUT", comment).status == 200
        assert [said["body"] for said in place.conversation(number)][::2] == [
            "The page is not there.",
            "Still not there.",
        ]
        assert place.ask(f"{API}/{number}.json").json()["ticket"]["priority"] == "urgent"
        assert place.ask(f"{API}/1.json").status == 404


def test_the_desk_needs_the_token(tmp_path: Path) -> None:
    with desk(tmp_path) as place:
        assert ask(place.url, f"{API}.json", method="POST", body={}).status == 401


def test_a_silent_desk_never_answers(tmp_path: Path) -> None:
    with desk(tmp_path, silent=True) as place:
        short = {"Authorization": "Bearer x"}
        with pytest.raises(TimeoutError):
            ask(place.url, f"{API}.json", method="POST", body={}, headers=short, patience=0.3)
    assert [line["what"] for line in read(tmp_path / "log")] == ["ignored"]
