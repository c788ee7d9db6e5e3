import json
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from ninethirty.core.facts import Kind
from ninethirty.core.sighting import Sighting, document
from ninethirty.core.times import Interval
from ninethirty.core.watch import read_key, read_order
from ninethirty.desk.record.models import Release, SightingRow
from ninethirty.desk.record.sightings import Reader, seen_since
from ninethirty.desk.setup import setup
from tests.core.made import KEY, PLACEHOLDER, RIGHT, at, look
from tests.desk.setting import PROMISE, RELEASE, Desk, happens, watched

Answer = Any
"""What django.test.Client gives back, whose types say less than it does."""


def visitor() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def send(body: Any, witness: str = "a", **more: Any) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return visitor().post(
        "/api/v1/sightings",
        data=data,
        content_type="application/json",
        headers={"Authorization": f"Bearer token-of-{witness}"},
        **more,
    )


def seen(offset: float, witness: str = "a") -> Sighting:
    return replace(look(witness, offset, PLACEHOLDER), release=RELEASE)


def batch(*sightings: Sighting) -> dict[str, Any]:
    return {"sightings": [document(one) for one in sightings]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer token-of-ä"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("get", "orders"), ("post", "sightings")])
def test_without_a_witnesss_token_nothing_is_given_or_taken(
    desk: Desk, headers: dict[str, str], method: str, path: str
) -> None:
    answer: HttpResponse = getattr(visitor(), method)(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 401


def test_a_wrong_method_is_told_the_right_one(desk: Desk) -> None:
    headers = {"Authorization": "Bearer token-of-a"}
    posted: Answer = visitor().post("/api/v1/orders", headers=headers)
    got: Answer = visitor().get("/api/v1/sightings", headers=headers)
    assert (posted.status_code, posted.headers["Allow"]) == (405, "GET")
    assert (got.status_code, got.headers["Allow"]) == (405, "POST")
    assert posted.json() == {"detail": "use GET"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ([], 'expected {"sightings": [...]}'),
        ({}, "sightings"),
        ({"sightings": {}}, 'expected {"sightings": [...]}'),
        ({"sightings": ["a"]}, "sightings[0]: a sighting is an object"),
    ],
)
def test_what_is_not_a_list_of_sightings_is_refused_and_says_why(
    desk: Desk, body: Any, named: str
) -> None:
    answer = send(body)
    assert answer.status_code == 400
    assert named in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"status": "200"}, "status"),
        ({"started": "yesterday"}, "yesterday"),
        ({"view": "sideways"}, "sideways"),
        ({"digest": "\ud800"}, "surrogates not allowed"),
        ({"peer": "192.0.2.1\0"}, "a NUL in a text"),
        ({"release": "r" * 101}, "longer than any there is"),
    ],
)
def test_one_malformed_sighting_in_a_batch_stores_none_and_is_named(
    desk: Desk, change: dict[str, Any], named: str
) -> None:
    body = batch(seen(1), seen(2), seen(3))
    body["sightings"][1].update(change)
    answer = send(body)
    assert answer.status_code == 400
    assert "sightings[1]" in answer.json()["detail"]
    assert named in answer.json()["detail"]
    assert not SightingRow.objects.exists()


def test_a_missing_part_of_a_sighting_is_named(desk: Desk) -> None:
    body = batch(seen(1))
    del body["sightings"][0]["peer"]
    assert "sightings[0]: a sighting needs 'peer'" in send(body).json()["detail"]


@pytest.mark.parametrize(
    "forged", [seen(2, "b"), replace(seen(2), network="south"), replace(seen(2), witness="z")]
)
def test_a_sighting_in_another_name_is_refused_with_the_whole_batch(
    desk: Desk, forged: Sighting
) -> None:
    answer = send(batch(seen(1), forged))
    assert answer.status_code == 403
    assert "sightings[1]" in answer.json()["detail"]
    assert not SightingRow.objects.exists()


def test_a_sighting_sent_again_is_taken_and_stored_once(desk: Desk) -> None:
    first, again = send(batch(seen(1), seen(2))), send(batch(seen(2), seen(3)))
    assert (first.json(), again.json()) == ({"stored": 2}, {"stored": 2})
    assert SightingRow.objects.count() == 3


def test_what_was_sent_is_read_back_as_it_was(desk: Desk) -> None:
    sent = [replace(seen(1), headers={"age": "3", "x-cache": "HIT"}), seen(2.000001)]
    send(batch(*sent))
    reader = Reader(RELEASE)
    assert reader.read() == sent
    assert reader.read() == []
    send(batch(seen(5)))
    assert reader.read() == [seen(5)]
    assert seen_since(RELEASE, "announced", at(2)) == [sent[1], seen(5)]
    assert seen_since(RELEASE, "alternate", at(0)) == []


def test_a_key_is_given_to_witnesses_once_its_instant_has_come(desk: Desk) -> None:
    watched()
    for offset in (-0.000_001, 0.0):
        desk.show(at(offset))
        answer = visitor().get("/api/v1/orders", headers={"Authorization": "Bearer token-of-b"})
        keys = answer.json()["keys"]
        assert bool(keys) is (offset == 0)
    assert read_key(keys[RELEASE].encode(), setup().key().public, RELEASE) == KEY


def test_orders_are_given_as_signed_and_only_while_they_are_in_force(desk: Desk) -> None:
    watched(), watched("release/cpi")
    Release.objects.create(id="release/unarmed", title="t", opens="o", path="/", announced="a")
    Release.objects.filter(id="release/cpi").update(closed=True)
    answer = visitor().get("/api/v1/orders", headers={"Authorization": "Bearer token-of-b"})
    [given] = answer.json()["orders"]
    assert read_order(given.encode(), setup().key().public).release == RELEASE


def timeline(path: str, **query: str) -> Answer:
    return visitor().get(f"/timeline/{path}", query)


@pytest.mark.parametrize("path", ["release/nothing", "release/nothing.json", "x", ".json"])
def test_the_timeline_of_an_unknown_release_is_not_there(desk: Desk, path: str) -> None:
    assert timeline(path).status_code == 404


def test_the_timeline_shows_what_happened_and_nothing_of_the_runners_own_books(desk: Desk) -> None:
    watched()
    happens(Kind.ANNOUNCED, at(-60), opens=str(PROMISE))
    happens(Kind.STEP_CLAIMED, at(1), step="x", runner="r", attempt=1)
    happens(Kind.FIRST_SEEN, Interval(at(1), at(2)), channel="announced")
    said = timeline(RELEASE).content.decode()
    assert "09:29:00" in said
    assert "a date and time were promised" in said
    assert "09:30:01 to 09:30:02" in said
    assert "a runner took the step" not in said
    assert said.index("first seen public") < said.index("a date and time were promised")
    told = timeline(f"{RELEASE}.json").json()["facts"]
    assert [(fact["n"], fact["kind"]) for fact in told] == [(1, "announced"), (3, "first_seen")]
    assert told[0]["words"] == "a date and time were promised"


def test_an_empty_timeline_says_so(desk: Desk) -> None:
    watched()
    assert "Nothing has happened yet" in timeline(RELEASE).content.decode()


def test_only_facts_after_the_one_asked_for_are_given(desk: Desk) -> None:
    watched()
    for kind in (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED):
        happens(kind)
    told = timeline(f"{RELEASE}.json", after="2").json()["facts"]
    assert [fact["n"] for fact in told] == [3]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "", "²", "9" * 5000])
def test_after_must_be_a_number(desk: Desk, after: str) -> None:
    watched()
    answer = timeline(f"{RELEASE}.json", after=after)
    assert answer.status_code == 400
    assert "after" in answer.json()["detail"]


def test_titles_and_details_are_shown_as_words_not_as_markup(desk: Desk) -> None:
    watched()
    Release.objects.update(title="<script>alert(1)</script> & more")
    happens(Kind.LATE, reason="<img src=x onerror=alert(1)>")
    said = timeline(RELEASE).content.decode()
    assert "<script" not in said
    assert "<img" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in said


def test_a_drill_says_that_it_is_one(desk: Desk) -> None:
    watched()
    assert "A drill: none of this is real." in timeline(RELEASE).content.decode()
    settings = desk.home / "desk.toml"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith("drill")]
    settings.write_text("\n".join(kept))
    setup.cache_clear()
    assert "A drill" not in timeline(RELEASE).content.decode()


def test_a_right_look_is_stored_like_any_other(desk: Desk) -> None:
    assert send(batch(replace(look("a", 1, RIGHT), release=RELEASE))).json() == {"stored": 1}
