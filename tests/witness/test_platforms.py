"""Platforms as data, and what GOV.UK says of itself."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.errors import CannotStart
from ninethirty.core.facts import check_details
from ninethirty.core.times import Instant
from ninethirty.witness.govuk import read_item
from ninethirty.witness.platforms import platform
from ninethirty.witness.reading import mentions, says_not_yet
from tests.witness.setting import HALF_PAST

REAL = Path(__file__).parents[3] / "shared" / "data" / "govuk"
BASE = "https://www.gov.uk/api/content/x"


def real(name: str) -> Mapping[str, Any]:
    file = REAL / name
    if not file.exists():
        pytest.skip(f"NOT TESTED against real GOV.UK documents: {file} is not there")
    found: Mapping[str, Any] = json.loads(file.read_text())
    return found


def test_govuk_is_looked_at_past_its_caches_except_where_they_drop_the_query() -> None:
    govuk = platform("govuk")
    assert govuk.busts("https://www.gov.uk/government/statistics/x")
    assert not govuk.busts("https://www.gov.uk/")
    assert not govuk.busts("https://www.gov.uk")
    assert not govuk.busts("https://www.gov.uk/alerts")
    assert govuk.quiet.total_seconds() == 330
    at = "https://www.gov.uk/government/statistics/x"
    assert govuk.record_of(at) == "https://www.gov.uk/api/content/government/statistics/x"
    assert platform("plain").record_of(at) == ""


def test_an_announcement_page_of_govuk_is_a_placeholder() -> None:
    text = "These statistics will be released on 20 January 2016 9:30am"
    assert says_not_yet(text, platform("govuk").placeholder)


def test_a_platform_of_your_own_has_the_same_shape(tmp_path: Path) -> None:
    here = Path(platform.__code__.co_filename).parent / "plain.toml"
    own = tmp_path / "own.toml"
    own.write_text(here.read_text().replace('"plain"', '"own"').replace("= 300", "= 60"))
    found = platform(str(own))
    assert (found.name, found.quiet.total_seconds()) == ("own", 90)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("cache_busting = true", "", "cache_busting is missing"),
        ("cache_busting = true", 'cache_busting = "yes"', "expected true or false, found 'yes'"),
        ("= 300", '= "long"', "longest_lifetime_seconds: expected a whole number above 0"),
        ("= 300", "= -1", "found -1"),
        ('name = "plain"', 'name = "plain"\ncolour = 1', "found colour"),
        ('["coming soon"', '["", "coming soon"', "placeholder: expected a list of texts"),
        ('name = "plain"', "name = ", "not TOML"),
    ],
)
def test_a_platform_described_wrongly_is_refused_in_a_sentence(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    here = Path(platform.__code__.co_filename).parent / "plain.toml"
    own = tmp_path / "own.toml"
    text = here.read_text()
    assert old in text
    own.write_text(text.replace(old, new, 1))
    with pytest.raises(CannotStart, match=named):
        platform(str(own))


def test_a_real_publication_that_was_scheduled_says_how_late_its_scheduler_was() -> None:
    item = read_item(real("scheduled_publication.json"), BASE)
    assert item
    assert item.scheduled_at == Instant.parse("2016-05-03T14:10:00Z")
    assert item.delay_seconds == 110
    promised = Instant.parse("2016-05-03T14:10:00Z")
    [word] = item.says(promised)
    assert "its own scheduler 110 s late" in word
    assert len(item.says(promised + timedelta(days=7))) == 2


@pytest.mark.parametrize("name", ["official_statistics.json", "release_date_changed.json"])
def test_a_real_announcement_says_that_it_is_one(name: str) -> None:
    item = read_item(real(name), BASE)
    assert item
    assert item.document_type == "official_statistics_announcement"


def test_a_real_statistical_publication_says_that_it_is_one() -> None:
    item = read_item(real("statistics_publication.json"), BASE)
    assert item
    assert item.document_type == "national_statistics"


def test_a_record_lists_attachments_and_says_where_it_leads() -> None:
    told = {
        "document_type": "redirect",
        "details": {"attachments": [{"url": "/media/1/t.ods"}, {"no": "url"}, "junk"]},
        "redirects": [{"destination": "/government/statistics/x"}],
    }
    item = read_item(told, BASE)
    assert item
    assert item.attachments == ("https://www.gov.uk/media/1/t.ods",)
    assert item.leads_to == "/government/statistics/x"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"document_type": 5},
        {"document_type": "x", "details": [], "public_updated_at": "soon", "redirects": {}},
        {"document_type": "x", "details": {"attachments": "none"}, "publishing_scheduled_at": 5},
    ],
)
def test_a_record_that_is_not_as_we_know_it_is_read_as_far_as_it_goes(
    told: Mapping[str, Any],
) -> None:
    item = read_item(told, BASE)
    assert item is None or item.says(HALF_PAST)


@pytest.mark.parametrize(
    "told",
    [
        {"document_type": "see http://x.test\n"},
        {"document_type": "redirect", "redirects": [{"destination": "https://x.test/a"}]},
        {"document_type": "redirect", "redirects": [{"destination": "//x.test/a"}]},
        {"document_type": "x", "scheduled_publishing_delay_seconds": True},
        {"document_type": "x", "details": {"attachments": [{"url": "http://[x/t.csv"}]}},
    ],
)
def test_nothing_that_the_platform_writes_gets_into_a_fact_but_a_word_and_a_path(
    told: Mapping[str, Any],
) -> None:
    item = read_item(told, BASE)
    words = " ".join(item.says(HALF_PAST)) if item else ""
    check_details({"words": words})
    assert "x.test" not in words
    assert "late" not in words
    assert "attachments" not in words


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ('<a href="/statistics/x">', True),
        ('<a href="https://www.example.org/statistics/x?utm=1#top">', True),
        ("<link>https://www.example.org/statistics/x</link>", True),
        ('{"link": "\\/statistics\\/x"}', True),
        ('<a href="/statistics/x-2025">', False),
        ('<a href="https://other.example.org/statistics/x">', False),
        ("Statistics on x will be at 9:30", False),
        ("", False),
    ],
)
def test_a_listing_mentions_a_release_only_if_it_links_its_very_address(
    text: str, linked: bool
) -> None:
    at = "https://www.example.org/statistics/x"
    assert mentions(text, "https://www.example.org/list", at) is linked
