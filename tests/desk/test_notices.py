"""The contract of a channel for notices, against every adapter; then what only one of them does."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from html import escape
from itertools import count
from pathlib import Path
from threading import Event, Thread
from xml.etree import ElementTree

import pytest

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.page import visible_text
from ninethirty.core.schedule import Content
from ninethirty.core.webhook import HEADER, check
from ninethirty.desk.outside import web
from ninethirty.desk.outside.notices import feed, linkedin
from ninethirty.desk.outside.notices.bluesky import Bluesky, record_key
from ninethirty.desk.outside.notices.channels import takes_once
from ninethirty.desk.outside.notices.feed import Entry, Feed
from ninethirty.desk.outside.notices.folder import Folder
from ninethirty.desk.outside.notices.linkedin import LinkedIn
from ninethirty.desk.outside.notices.mastodon import Mastodon
from ninethirty.desk.outside.notices.news import News
from ninethirty.desk.outside.notices.port import Channel, Notice
from ninethirty.desk.outside.notices.printed import Printed
from ninethirty.desk.outside.notices.room import Slack, Teams
from ninethirty.desk.outside.notices.through_apprise import ThroughApprise
from ninethirty.desk.outside.notices.webhook import Webhook
from ninethirty.desk.outside.notices.x import X
from ninethirty.desk.service import Service
from ninethirty.desk.shelf import Shelf
from ninethirty.standin.bluesky import HANDLE
from tests.core.made import HALF_PAST, at
from tests.desk.services import LATER_S, Moody, service
from tests.desk.setting import SITE, TOKEN
from tests.standin.drill import Hands

AUTHOR = "urn:li:organization:1"
READABLE: dict[str, Callable[[Service], Channel]] = {
    "x": X,
    "linkedin": lambda service: LinkedIn(replace(service, account=AUTHOR)),
    "news": News,
    "mastodon": Mastodon,
    "bluesky": lambda service: Bluesky(replace(service, account=HANDLE)),
}
"""They show us what we posted."""

UNREADABLE: dict[str, Callable[[Service], Channel]] = {
    "slack": lambda service: Slack(as_a_room(service)),
    "teams": lambda service: Teams(as_a_room(service)),
}
OVER_HTTP = READABLE | UNREADABLE | {"webhook": lambda service: Webhook(service, Hands(HALF_PAST))}
EVERY = [*OVER_HTTP, "feed", "folder", "printed"]


def as_a_room(service: Service) -> Service:
    """By its webhook, whose address is the secret."""
    return Service("the team's room", f"{service.url}/{service.token}")


LATE = Notice(
    title="Available at another address: GDP",
    short='GDP & "more" can be read here: http://statistics.example/gdp?a=1&b=2 <since 9:30am>.',
    link="http://statistics.example/gdp?a=1&b=2",
    slug="release-gdp-late",
    at=HALF_PAST,
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
    elif name == "folder":
        (folder / "news").mkdir()
        yield Folder(folder / "news", "https://news.example")
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


@pytest.mark.parametrize("name", [*READABLE, "feed", "folder"])
def test_nothing_is_found_where_nothing_was_posted(name: str, tmp_path: Path) -> None:
    with channel(name, tmp_path) as there:
        assert there.find(LATE) is None


@pytest.mark.parametrize("name", UNREADABLE)
def test_where_nothing_can_be_read_back_a_person_is_asked_to_look(
    name: str, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (there, moody):
        there.post(LATE)
        with pytest.raises(OutsideFailed, match="the team's room: shows nobody") as failed:
            there.find(LATE)
    assert not failed.value.retry
    assert TOKEN not in str(failed.value)
    assert len(moody.truth()) == 1


@pytest.mark.parametrize("name", ["webhook", "printed"])
def test_what_takes_each_notice_once_cannot_say_whether_it_did(name: str, tmp_path: Path) -> None:
    with channel(name, tmp_path) as there:
        there.post(LATE)
        with pytest.raises(OutsideFailed, match="shows nobody what was posted") as failed:
            there.find(LATE)
        assert takes_once(there)
    assert not failed.value.retry
    assert failed.value.happened_perhaps


@pytest.mark.parametrize("name", READABLE)
def test_a_post_has_an_address(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (there, moody):
        posted = there.post(LATE)
    assert posted.url.startswith(moody.url)


@pytest.mark.parametrize("name", READABLE)
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


@pytest.mark.parametrize("name", READABLE)
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
        moody.moods, moody.reads = [status], [status, status]
        for act in (there.post, there.find) if name in READABLE else (there.post,):
            with pytest.raises(OutsideFailed, match=f"answered {status}") as failed:
                act(LATE)
            assert (failed.value.retry, failed.value.happened_perhaps) == (retry, perhaps)
            assert failed.value.wait_s == (LATER_S if status == 429 else 0)
    assert moody.truth() == []


@pytest.mark.parametrize("name", READABLE)
def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(
    name: str, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (there, moody):
        there.post(LATE)
        moody.reads = ["acts, then talks nonsense"]
        with pytest.raises(OutsideFailed, match="cannot read") as failed:
            there.find(LATE)
        assert failed.value.retry


@pytest.mark.parametrize("name", READABLE)
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


@pytest.mark.parametrize("name", READABLE)
def test_a_check_posts_nothing_and_finds_a_token_that_does_not_let_us_in(
    name: str, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (there, moody):
        there.check()
        with pytest.raises(OutsideFailed, match="401"):
            OVER_HTTP[name](Service(moody.url, "revoked")).check()
    assert moody.truth() == []


def test_a_proxy_of_the_environment_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with over_http("x", tmp_path) as (there, _):
        assert there.post(LATE).id


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky", "webhook"])
def test_a_recovery_is_a_reply_to_the_word_that_it_was_late(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (there, moody):
        first = there.post(LATE)
        there.post(replace(RECOVERED, answers=first.id))
    assert [line["reply_to"] or None for line in moody.truth()] == [None, first.id]


@pytest.mark.parametrize("name", ["bluesky", "mastodon", "webhook", "folder"])
def test_a_second_try_without_reading_back_makes_no_second_post(name: str, tmp_path: Path) -> None:
    if name == "folder":
        with channel(name, tmp_path) as there:
            first = there.post(LATE)
            with pytest.raises(OutsideFailed, match="is there already"):
                there.post(LATE)
            assert there.find(LATE) == first
            assert len(list((tmp_path / "news").iterdir())) == 1
        return
    with over_http(name, tmp_path) as (there, moody):
        first = there.post(LATE)
        if name == "bluesky":
            with pytest.raises(OutsideFailed, match="InvalidSwap"):
                there.post(LATE)
        else:
            assert there.post(LATE) == first
    assert len(moody.truth()) == 1


def test_a_record_key_is_thirteen_letters_that_sort_as_time_does() -> None:
    keys = [record_key(replace(LATE, at=at(seconds))) for seconds in (0, 0.000001, 1, 86_400)]
    assert keys == sorted(set(keys))
    assert all(len(key) == 13 for key in keys)
    # The last ten bits tell apart what is said in one microsecond.
    assert record_key(replace(LATE, slug="a"))[:11] == record_key(LATE)[:11]
    assert record_key(replace(LATE, slug="a")) != record_key(LATE)


def test_a_post_of_another_release_under_the_same_key_is_not_taken_for_ours(tmp_path: Path) -> None:
    others = (replace(LATE, slug=f"cpi-{n}", short="CPI is late.") for n in count())
    other = next(one for one in others if record_key(one) == record_key(LATE))
    with over_http("bluesky", tmp_path) as (there, moody):
        there.post(other)
        with pytest.raises(OutsideFailed, match="InvalidSwap"):
            there.post(LATE)
        with pytest.raises(OutsideFailed, match="post it by hand") as failed:
            there.find(LATE)
    assert not failed.value.retry
    assert len(moody.truth()) == 1


def test_linkedin_gets_no_markup_by_accident(tmp_path: Path) -> None:
    shy = replace(LATE, short="GDP (first estimate) #1_a * <b> [c] @d {e} ~f | \\g")
    with over_http("linkedin", tmp_path) as (there, moody):
        posted = there.post(shy)
        assert there.find(shy) == posted
    [truth] = moody.truth()
    assert truth["text"] == shy.short


def test_a_version_of_linkedin_that_is_no_longer_served_is_found_by_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkedin, "VERSION", "202410")
    with (
        over_http("linkedin", tmp_path) as (there, _),
        pytest.raises(OutsideFailed, match=r"426.*202410 is not active") as failed,
    ):
        there.check()
    assert not failed.value.retry


def test_a_folder_that_cannot_be_written_is_found_by_the_check(tmp_path: Path) -> None:
    with pytest.raises(OutsideFailed, match="cannot be written"):
        Folder(tmp_path / "gone", "https://news.example").check()


def test_a_news_page_in_a_folder_has_the_words_and_a_link_and_no_markup_of_ours(
    tmp_path: Path,
) -> None:
    posted = Folder(tmp_path, "https://news.example").post(LATE)
    assert posted.url == f"https://news.example/{LATE.slug}.html"
    [file] = tmp_path.iterdir()
    page = file.read_text(encoding="utf-8")
    assert f'<a href="{escape(LATE.link)}">' in page
    assert "&lt;since 9:30am&gt;" in page
    assert visible_text(page).startswith(f"{LATE.title} 2026-12-01 09:30 UTC GDP")


def test_slack_shows_the_words_as_they_are_and_teams_the_title_too(tmp_path: Path) -> None:
    for name, shown in (("slack", escape(LATE.short, quote=False)), ("teams", LATE.short)):
        (tmp_path / name).mkdir()
        with over_http(name, tmp_path / name) as (there, moody):
            there.post(LATE)
        [truth] = moody.truth()
        assert truth["text"].endswith(shown)
        assert (LATE.title in truth["text"]) is (name == "teams")


def test_what_a_webhook_gets_is_signed(tmp_path: Path) -> None:
    with over_http("webhook", tmp_path) as (there, moody):
        there.post(LATE)
    [truth] = moody.truth()
    check(TOKEN, truth["headers"][HEADER.lower()], truth["body"].encode(), HALF_PAST)
    assert json.loads(truth["body"]) == {
        "title": LATE.title,
        "text": LATE.short,
        "link": LATE.link,
        "key": LATE.slug,
        "at": HALF_PAST.text(),
        "answers": "",
    }


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Its own, not ours to mend.
def test_apprise_reaches_what_we_have_no_adapter_for(tmp_path: Path) -> None:
    with service("webhook", tmp_path) as moody:
        there = ThroughApprise(Service("the long tail", moody.url.replace("http://", "json://")))
        assert there.post(LATE).id
        moody.moods = [500]
        with pytest.raises(OutsideFailed, match="the long tail") as failed:
            there.post(LATE)
        assert failed.value.happened_perhaps
    [truth] = moody.truth()
    assert json.loads(truth["body"])["message"] == LATE.short


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_an_address_that_apprise_does_not_know_is_refused_at_once() -> None:
    with pytest.raises(CannotStart, match="the long tail"):
        ThroughApprise(Service("the long tail", "nonsense"))


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


@pytest.mark.parametrize("name", ["news", "folder"])
def test_the_news_page_links_the_files_by_their_names(name: str, tmp_path: Path) -> None:
    files = ("http://statistics.example/gdp/data%20table.csv", "http://statistics.example/gdp/a&b")
    with channel(name, tmp_path) as there:
        there.post(replace(LATE, files=files))
    place = tmp_path / ("news.jsonl" if name == "news" else f"news/{LATE.slug}.html")
    said = json.loads(place.read_text())["text"] if name == "news" else place.read_text()
    assert f'<ul><li><a href="{files[0]}">data table.csv</a></li>' in said
    assert '<li><a href="http://statistics.example/gdp/a&amp;b">a&amp;b</a></li></ul>' in said


def test_a_folder_holds_the_files_beside_the_page_that_links_them(tmp_path: Path) -> None:
    files = {"data table.csv": b"0.3\n", "charts/gdp.svg": b"<svg/>"}
    copies = {name: partial(bytes, content) for name, content in files.items()}
    Folder(tmp_path, "https://news.example").post(replace(LATE, copies=copies))
    page = (tmp_path / f"{LATE.slug}.html").read_text()
    beside = f"https://news.example/{LATE.slug}"
    assert f'<li><a href="{beside}/data%20table.csv">data table.csv</a></li>' in page
    assert f'<li><a href="{beside}/charts/gdp.svg">gdp.svg</a></li>' in page
    there = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(there) == 3  # nothing under a name for the meantime
    for name, content in files.items():
        assert (tmp_path / LATE.slug / name).read_bytes() == content
        assert (tmp_path / LATE.slug / name).stat().st_mode & 0o777 == 0o644


def test_no_page_links_a_file_that_is_not_there_and_the_next_attempt_mends_it(
    tmp_path: Path,
) -> None:
    def cut_off() -> bytes:
        raise OutsideFailed("the disk is gone", retry=True)

    there = Folder(tmp_path, "https://news.example")
    whole, cut = {"a.csv": partial(bytes, b"0.3\n")}, {"b.csv": cut_off}
    with pytest.raises(OutsideFailed, match="the disk is gone"):
        there.post(replace(LATE, copies=whole | cut))
    assert there.find(LATE) is None
    assert [file.name for file in tmp_path.rglob("*.*")] == ["a.csv"]
    there.post(replace(LATE, copies=whole | {"b.csv": partial(bytes, b"0.4\n")}))
    assert (tmp_path / LATE.slug / "b.csv").read_bytes() == b"0.4\n"
    assert there.find(LATE)
