"""The contract of a channel for notices, against every adapter; then what only one of them does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from xml.etree import ElementTree

import pytest

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import OutsideFailed
from ninethirty.core.schedule import Content
from ninethirty.desk.outside import web
from ninethirty.desk.outside.notices import feed
from ninethirty.desk.outside.notices.feed import Entry, Feed
from ninethirty.desk.outside.notices.linkedin import LinkedIn
from ninethirty.desk.outside.notices.news import News
from ninethirty.desk.outside.notices.port import Channel, Notice
from ninethirty.desk.outside.notices.printed import Printed
from ninethirty.desk.outside.notices.x import X
from ninethirty.desk.setup import Service
from ninethirty.desk.shelf import Shelf
from tests.core.made import HALF_PAST, at
from tests.desk.services import Moody, service
from tests.desk.setting import SITE
from tests.standin.drill import Hands

OVER_HTTP: dict[str, Callable[[Service], Channel]] = {"x": X, "linkedin": LinkedIn, "news": News}
EVERY = [*OVER_HTTP, "feed", "printed"]

LATE = Notice(
    title="Available at another address: GDP",
    short='GDP & "more" can be read here: http://statistics.example/gdp?a=1&b=2 <since 9:30am>.',
    link="http://statistics.example/gdp?a=1&b=2",
    slug="release-gdp-late",
)
RECOVERED = replace(
    LATE, title="Now at its usual address: GDP", short="GDP is back.", slug="release-gdp-recovered"
)


def shelf_at(folder: Path) -> Shelf:
    return Shelf(folder / "shelf", SigningKey.new(), site=SITE, drill=True)


def feed_on(shelf: Shelf, said: list[Entry] | None = None, clock: Hands | None = None) -> Feed:
    return Feed(
        shelf,
        site=SITE,
        producer="The office & friends",
        clock=clock or Hands(HALF_PAST),
        said=lambda: said or [],
    )


@contextmanager
def channel(name: str, folder: Path) -> Iterator[Channel]:
    if name == "feed":
        yield feed_on(shelf_at(folder))
    elif name == "printed":
        yield Printed("x")
    else:
        with service(name, folder) as moody:
            yield OVER_HTTP[name](moody.service)


@contextmanager
def over_http(name: str, folder: Path) -> Iterator[tuple[Channel, Moody]]:
    with service(name, folder) as moody:
        yield OVER_HTTP[name](moody.service), moody


def short_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))


@pytest.mark.parametrize("name", EVERY)
def test_a_post_comes_back_with_an_id_of_its_own(name: str, tmp_path: Path) -> None:
    with channel(name, tmp_path) as there:
        first = there.post(LATE)
        second = there.post(replace(RECOVERED, answers=first.id))
    assert first.id
    assert second.id
    assert first.id != second.id


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_found_where_nothing_was_posted(name: str, tmp_path: Path) -> None:
    with channel(name, tmp_path) as there:
        assert there.find(LATE) is None


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_post_has_an_address(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (there, moody):
        posted = there.post(LATE)
    assert posted.url.startswith(moody.url)


@pytest.mark.parametrize("name", OVER_HTTP)
def test_exactly_our_own_post_is_found_among_others(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (there, moody):
        others = [
            there.post(replace(LATE, short=f"{LATE.short} {n}", slug=f"{LATE.slug}-{n}"))
            for n in range(2)
        ]
        assert there.find(LATE) is None
        ours = there.post(LATE)
        others.append(there.post(RECOVERED))
        assert there.find(LATE) == ours
        assert there.find(RECOVERED) == others[-1]
        assert ours not in others
    assert [str(line["id"]) for line in moody.truth()][2] == ours.id


@pytest.mark.parametrize("name", OVER_HTTP)
@pytest.mark.parametrize(
    "mood", ["acts, then says nothing", "acts, then fails", "acts, then talks nonsense"]
)
def test_a_post_that_happened_although_we_were_not_told_is_found(
    name: str, mood: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of_patience(monkeypatch)
    with over_http(name, tmp_path) as (there, moody):
        moody.moods = [mood]
        with pytest.raises(OutsideFailed) as failed:
            there.post(LATE)
        assert failed.value.happened_perhaps
        assert failed.value.retry
        found = there.find(LATE)
    [truth] = moody.truth()
    assert found is not None
    assert found.id == str(truth["id"])


@pytest.mark.parametrize("name", OVER_HTTP)
@pytest.mark.parametrize(
    ("status", "retry", "perhaps"),
    [
        (429, True, False),
        (408, True, False),
        (500, True, True),
        (503, True, True),
        (400, False, False),
        (401, False, False),
        (403, False, False),
        (302, False, False),
    ],
)
def test_what_a_refusal_means_for_another_try(
    name: str, status: int, retry: bool, perhaps: bool, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (there, moody):
        moody.moods = moody.reads = [status, status]
        for act in (there.post, there.find):
            with pytest.raises(OutsideFailed, match=f"answered {status}") as failed:
                act(LATE)
            assert (failed.value.retry, failed.value.happened_perhaps) == (retry, perhaps)
    assert moody.truth() == []


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(
    name: str, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (there, moody):
        there.post(LATE)
        moody.reads = ["acts, then talks nonsense"]
        with pytest.raises(OutsideFailed, match="cannot read") as failed:
            there.find(LATE)
        assert failed.value.retry


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_wrong_token_is_not_tried_again_and_is_not_told(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (_, moody):
        there = OVER_HTTP[name](Service(moody.url, "an-expired-token"))
        with pytest.raises(OutsideFailed, match="401") as failed:
            there.post(LATE)
    assert not failed.value.retry
    assert "expired" not in str(failed.value)


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_service_that_is_not_there_may_be_asked_again(name: str) -> None:
    there = OVER_HTTP[name](Service("http://127.0.0.1:1", "t"))
    with pytest.raises(OutsideFailed) as failed:
        there.post(LATE)
    assert failed.value.retry


def test_a_proxy_of_the_environment_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with over_http("x", tmp_path) as (there, _):
        assert there.post(LATE).id


def test_on_x_a_recovery_is_a_reply_to_the_word_that_it_was_late(tmp_path: Path) -> None:
    with over_http("x", tmp_path) as (there, moody):
        first = there.post(LATE)
        there.post(replace(RECOVERED, answers=first.id))
    assert [line["reply_to"] for line in moody.truth()] == [None, first.id]


def test_the_news_page_carries_a_link_and_no_markup_of_ours(tmp_path: Path) -> None:
    with over_http("news", tmp_path) as (there, moody):
        there.post(LATE)
    [truth] = moody.truth()
    link = "http://statistics.example/gdp?a=1&amp;b=2"
    assert f'<a href="{link}">{link}</a>' in truth["text"]
    assert "&lt;since 9:30am&gt;" in truth["text"]
    assert (truth["title"], truth["slug"], truth["status"]) == (LATE.title, LATE.slug, "publish")


ATOM = "{http://www.w3.org/2005/Atom}"


def entries(shelf: Shelf) -> list[tuple[str, str, str]]:
    """Title, link and id of every entry in the feed as a gate would serve it."""
    [opening] = shelf.says("site/feed")
    assert isinstance(opening.answer, Content)
    assert opening.path == feed.PATH
    assert opening.opens == HALF_PAST
    assert opening.answer.media_type.startswith("application/atom+xml")
    tree = ElementTree.fromstring(shelf.read(opening.answer.digest))
    assert tree.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert tree.findtext(f"{ATOM}{name}")
    found = []
    for entry in tree.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert entry.findtext(f"{ATOM}updated")
        found.append(
            (
                entry.findtext(f"{ATOM}title") or "",
                link.get("href") or "",
                entry.findtext(f"{ATOM}id") or "",
            )
        )
    return found


def test_an_empty_feed_is_a_feed(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    feed_on(shelf).publish()
    assert entries(shelf) == []


def test_posting_to_the_feed_twice_gives_one_entry(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    there = feed_on(shelf, [Entry(LATE, at(-1))])
    assert there.post(LATE) == there.post(LATE)
    [(title, link, id)] = entries(shelf)
    assert (title, link) == (LATE.title, LATE.link)
    assert id.endswith(f"#{LATE.slug}")


def test_of_two_notices_at_once_neither_is_lost_from_the_feed(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    said = [Entry(LATE, at(-2))]
    read = Event()

    def slowly() -> list[Entry]:
        so_far = list(said)
        read.set()
        time.sleep(0.3)
        return so_far

    slow = Feed(shelf, site=SITE, producer="p", clock=Hands(HALF_PAST), said=slowly)
    first = Thread(target=slow.post, args=(LATE,))
    first.start()
    read.wait(5)
    said.append(Entry(RECOVERED, at(-1)))
    feed_on(shelf, said).post(RECOVERED)
    first.join()
    assert [title for title, _, _ in entries(shelf)] == [RECOVERED.title, LATE.title]


def test_an_entry_keeps_the_time_it_was_first_said(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    later = Entry(RECOVERED, at(-1))
    feed_on(shelf, [Entry(LATE, at(-2)), later]).post(LATE)
    assert [title for title, _, _ in entries(shelf)] == [RECOVERED.title, LATE.title]


def test_the_feed_shows_the_last_fifty_newest_first(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    said = [Entry(replace(LATE, title=f"n{n}", slug=f"s{n}"), at(-60 + n)) for n in range(50)]
    feed_on(shelf, said).post(LATE)
    titles = [title for title, _, _ in entries(shelf)]
    assert titles == [LATE.title, *(f"n{n}" for n in range(49, 0, -1))]
