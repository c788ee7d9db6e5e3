import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ninethirty.standin.exchange import Reply
from ninethirty.standin.linkedin import LinkedIn
from ninethirty.standin.log import Log, read
from ninethirty.standin.serving import Serving
from ninethirty.standin.social import Account
from ninethirty.standin.x import ME, X
from tests.standin.drill import BEARER, HALF_PAST, TOKEN, Hands, Heard, ask

Kind = type[X] | type[LinkedIn]

CLOCK = Hands(HALF_PAST)
AUTHOR = "urn:li:organization:1"
VERSIONED = {**BEARER, "LinkedIn-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}


@contextmanager
def network(kind: Kind, folder: Path, *, doubled: bool = False) -> Iterator[str]:
    with Log(folder / "log") as log:
        account = Account(
            channel=kind.__name__.lower(),
            prefix="",
            seed=1,
            doubled=doubled,
            clock=CLOCK,
            log=log,
        )
        with Serving(kind(account, TOKEN), CLOCK, ["127.0.0.1"], 0) as server:
            yield server.url


def tweet(url: str, text: str, **more: Any) -> Heard:
    body = {"text": text, **more}
    return ask(url, "/2/tweets", method="POST", body=body, headers=BEARER)


def share(url: str, words: str, headers: dict[str, str] = VERSIONED) -> Heard:
    body = {
        "author": AUTHOR,
        "commentary": words,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "lifecycleState": "PUBLISHED",
    }
    return ask(url, "/rest/posts", method="POST", body=body, headers=headers)


def test_x_lists_posts_newest_first(tmp_path: Path) -> None:
    with network(X, tmp_path) as url:
        first = tweet(url, "delayed").json()["data"]
        second = tweet(url, "out now", reply={"in_reply_to_tweet_id": first["id"]}).json()["data"]
        listed = ask(url, f"/2/users/{ME}/tweets", headers=BEARER).json()
    assert listed == {"data": [second, first], "meta": {"result_count": 2}}
    assert [line["reply_to"] for line in read(tmp_path / "log")] == [None, first["id"]]


def test_x_refuses_the_same_words_twice(tmp_path: Path) -> None:
    with network(X, tmp_path) as url:
        assert tweet(url, "delayed").status == 201
        again = tweet(url, "delayed")
    assert (again.status, again.json()["title"]) == (403, "Forbidden")
    assert "duplicate content" in again.json()["detail"]
    assert len(read(tmp_path / "log")) == 1


def test_x_counts_every_link_as_23_characters(tmp_path: Path) -> None:
    link = " https://example.org/" + "a" * 200
    with network(X, tmp_path) as url:
        assert tweet(url, "b" * 256 + link).status == 201
        assert tweet(url, "b" * 257 + link).status == 400


def test_x_needs_the_token(tmp_path: Path) -> None:
    with network(X, tmp_path) as url:
        wrong = {"Authorization": "Bearer wrong"}
        assert ask(url, f"/2/users/{ME}/tweets", headers=wrong).status == 401


def test_linkedin_lists_what_an_author_posted(tmp_path: Path) -> None:
    with network(LinkedIn, tmp_path) as url:
        posted = share(url, "delayed")
        path = f"/rest/posts?q=author&author={AUTHOR}"
        [listed] = ask(url, path, headers=VERSIONED).json()["elements"]
    assert (posted.status, posted.body) == (201, b"")
    assert listed["id"] == posted.headers["x-restli-id"]
    assert listed["commentary"] == "delayed"


@pytest.mark.parametrize("name", ["LinkedIn-Version", "X-Restli-Protocol-Version"])
def test_linkedin_needs_its_headers(tmp_path: Path, name: str) -> None:
    headers = {key: value for key, value in VERSIONED.items() if key != name}
    with network(LinkedIn, tmp_path) as url:
        assert share(url, "delayed", headers).status == 400


@pytest.mark.parametrize("kind", [X, LinkedIn])
def test_a_doubled_network_has_each_post_twice(tmp_path: Path, kind: Kind) -> None:
    with network(kind, tmp_path, doubled=True) as url:
        if kind is X:
            tweet(url, "delayed")
            listed = ask(url, f"/2/users/{ME}/tweets", headers=BEARER).json()["data"]
        else:
            share(url, "delayed")
            path = f"/rest/posts?q=author&author={AUTHOR}"
            listed = ask(url, path, headers=VERSIONED).json()["elements"]
    logged = [line["id"] for line in read(tmp_path / "log")]
    assert len(set(logged)) == 2
    assert [post["id"] for post in listed] == logged[::-1]


def test_a_post_is_logged_with_what_its_link_led_to(tmp_path: Path) -> None:
    page = b"<p>There were 12.</p>"
    with (
        Serving(lambda _: Reply(200, page), CLOCK, ["127.0.0.31"], 0) as site,
        network(X, tmp_path) as url,
    ):
        tweet(url, f"Read it at {site.url}/births.")
    [line] = read(tmp_path / "log")
    assert line["card"] == {
        "url": f"{site.url}/births",
        "status": 200,
        "sha256": hashlib.sha256(page).hexdigest(),
        "bytes": len(page),
    }


def test_a_link_that_leads_nowhere_does_not_stop_the_post(tmp_path: Path) -> None:
    with network(X, tmp_path) as url:
        assert tweet(url, "http://127.0.0.1:1/gone").status == 201
    [line] = read(tmp_path / "log")
    assert "ConnectionRefusedError" in line["card"]["trouble"]


@pytest.mark.parametrize("link", ["http://statistics.example/a", "https://127.0.0.1/a"])
def test_a_link_off_this_machine_is_not_followed(tmp_path: Path, link: str) -> None:
    with network(X, tmp_path) as url:
        tweet(url, link)
    [line] = read(tmp_path / "log")
    assert line["card"] == {"url": link, "trouble": "not fetched: not on loopback"}
