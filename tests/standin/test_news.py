from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ninethirty.standin.log import Log, read
from ninethirty.standin.news import API, News
from ninethirty.standin.serving import Serving
from tests.standin.drill import BEARER, HALF_PAST, TOKEN, Hands, Heard, ask, basic

CLOCK = Hands(HALF_PAST)
STORY = {"title": "Births: delayed", "content": "<p>Sorry.</p>", "slug": "births"}
PUBLIC = STORY | {"status": "publish"}


@contextmanager
def news(folder: Path) -> Iterator[str]:
    with (
        Log(folder / "log") as log,
        Serving(News(token=TOKEN, seed=0, clock=CLOCK, log=log), CLOCK, ["127.0.0.1"], 0) as server,
    ):
        yield server.url


def write(url: str, story: dict[str, str], headers: dict[str, str] = BEARER) -> Heard:
    return ask(url, API, method="POST", body=story, headers=headers)


def test_a_story_is_public_where_its_link_says(tmp_path: Path) -> None:
    with news(tmp_path) as url:
        story = write(url, PUBLIC, basic("editor")).json()
        page = ask(url, story["link"].removeprefix(url))
        listing = ask(url, "/news")
    assert b"<p>Sorry.</p>" in page.body
    assert b'<a href="/news/births">Births: delayed</a>' in listing.body


def test_a_slug_that_is_taken_gets_a_number_and_not_a_refusal(tmp_path: Path) -> None:
    with news(tmp_path) as url:
        assert [write(url, PUBLIC).json()["slug"] for _ in range(3)] == [
            "births",
            "births-2",
            "births-3",
        ]
        [found] = ask(url, f"{API}?slug=births-2").json()
    assert found["title"]["rendered"] == "Births: delayed"


def test_an_update_keeps_the_address_and_is_logged(tmp_path: Path) -> None:
    with news(tmp_path) as url:
        story = write(url, PUBLIC).json()
        change = {"content": "<p>Out now.</p>", "slug": "elsewhere"}
        path = f"{API}/{story['id']}"
        updated = ask(url, path, method="POST", body=change, headers=BEARER)
        assert b"Out now." in ask(url, "/news/births").body
    assert updated.json()["link"] == story["link"]
    post, update = read(tmp_path / "log")
    assert (post["what"], post["channel"], post["text"]) == ("post", "news", "<p>Sorry.</p>")
    assert (update["what"], update["text"]) == ("update", "<p>Out now.</p>")
    assert update["id"] == post["id"]


def test_a_draft_is_for_those_with_the_token(tmp_path: Path) -> None:
    with news(tmp_path) as url:
        write(url, STORY)
        assert ask(url, "/news/births").status == 404
        assert ask(url, f"{API}?slug=births").json() == []
        assert len(ask(url, f"{API}?slug=births", headers=BEARER).json()) == 1


def test_writing_needs_the_token(tmp_path: Path) -> None:
    with news(tmp_path) as url:
        assert write(url, PUBLIC, {"Authorization": "Basic !"}).status == 401
        assert write(url, PUBLIC, {}).status == 401


def test_the_card_is_of_the_first_link_in_the_content(tmp_path: Path) -> None:
    with news(tmp_path) as url:
        write(url, PUBLIC | {"content": f'<a href="{url}/news?a=1&amp;b=2">here</a>'})
    [line] = read(tmp_path / "log")
    assert (line["card"]["url"], line["card"]["status"]) == (f"{url}/news?a=1&b=2", 200)
