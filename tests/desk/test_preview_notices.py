"""What users would be told, read before the day; in Welsh too, where a producer has the words."""

from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from ninethirty.cli import commands
from ninethirty.core.facts import Kind
from ninethirty.core.times import RealClock
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.wording import WELSH
from ninethirty.desk.actions import check_ready
from ninethirty.desk.actions.preview_notices import previews
from ninethirty.desk.actions.step import Work
from ninethirty.desk.actions.tell_users import tell_late, tell_recovered
from ninethirty.desk.outside.notices.channels import PRINTED
from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.notices.printed import Printed
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.runner.book import book_for
from ninethirty.desk.setup import setup
from tests.core.made import at
from tests.desk.services import service
from tests.desk.setting import RELEASE, Desk, watched
from tests.desk.way import promised

pytestmark = pytest.mark.parametrize("database", ["sqlite"])

IN_WELSH = """
[words.cy]
late_title = "Ar gael mewn cyfeiriad arall: {title}"
late = "Gellir darllen {title} yma: {address}{since} Nid yw ar ei dudalen arferol eto."
since = " Mae wedi bod yno ers {clock}."
update_title = "Ar gael o hyd mewn cyfeiriad arall: {title}"
update = "Gellir darllen {title} yma o hyd: {address} Nid yw ar ei dudalen arferol eto."
recovered_title = "Yn ôl yn ei gyfeiriad arferol: {title}"
recovered = "Mae {title} yn ei gyfeiriad arferol hefyd: {address}"
corrected_title = "Wedi ei gywiro: {title}"
corrected = "Mae {title} wedi ei gywiro: {address}"
published_title = "Cyhoeddwyd: {title}"
published = "Cyhoeddwyd {title}: {address}"
confirm_title = "Hoffech chi gael gwybod am {title}?"
confirm = "Gofynnodd rhywun i ni ysgrifennu at y cyfeiriad hwn am {title}."
"""


def bilingual(desk: Desk, **services: str) -> None:
    desk.more = IN_WELSH
    desk.told(**services)


def work() -> Work:
    release = Release.objects.get(id=RELEASE)
    return Work(release, [], f"{RELEASE}/said", 1, Verdict(Call.LATE, at(61)))


def test_every_text_is_shown_for_every_channel_with_its_length_and_its_limit(desk: Desk) -> None:
    promised()
    shown = {(one.about, one.channel): one for one in previews(Release.objects.get())}
    channels = ("x", "linkedin", "news", "feed")
    kinds = ("late", "late, and elsewhere on time", "update", "recovered", "corrected")
    assert set(shown) == {(about, channel) for about in kinds for channel in channels}
    late = shown["late, and elsewhere on time", "x"]
    assert late.words.short.startswith("Gross domestic product can be read here: http://statist")
    assert "since 9:30am" in late.words.short
    assert (late.limit, late.too_long) == (280, False)
    assert shown["late", "feed"].limit is None
    assert shown["late", "feed"].letters == len(shown["late", "feed"].words.short)


def test_the_command_prints_each_text_once_with_all_its_channels(desk: Desk) -> None:
    bilingual(desk)
    promised()
    came = CliRunner().invoke(commands, ["notices", RELEASE, "--home", str(desk.home)])
    assert came.exit_code == 0
    lines = came.output.splitlines()
    assert lines[0] == "late (en)"
    assert lines[1] == "  Available at another address: Gross domestic product"
    assert next(line for line in lines if line.startswith("    x: ")).endswith("of 280 letters")
    assert "    feed: 148 letters" in lines
    assert "late (cy)" in lines
    assert any("Gellir darllen Gross domestic product yma: http://stat" in line for line in lines)


def test_what_subscribers_would_be_mailed_is_shown_too(desk: Desk) -> None:
    desk.more = '[services.subscribers]\nurl = "smtps://mail.example:465"\nsender = "n@o.example"\n'
    desk.told()
    promised()
    mails = [one for one in previews(Release.objects.get()) if one.channel == "subscribers"]
    assert [(one.about, one.limit) for one in mails] == [("published", None), ("late", None)]
    assert mails[0].words.title == "Published: Gross domestic product"


def test_a_text_too_long_for_a_channel_is_found_before_the_day(desk: Desk) -> None:
    desk.told(bluesky=PRINTED)
    promised()
    Release.objects.update(announced="http://platform.example/" + "a" * 280)
    came = CliRunner().invoke(commands, ["notices", RELEASE, "--home", str(desk.home)])
    assert came.exit_code == 1
    # X takes any link for 23 letters.
    long, other = [line for line in came.output.splitlines() if "TOO LONG" in line]
    assert long == "    bluesky: 376 of 300 letters, TOO LONG"
    assert other == "    bluesky: 351 of 300 letters, TOO LONG"
    assert check_ready._texts(Release.objects.get())[:1] == [
        "what bluesky is told (recovered, en) is 376 letters long, and 300 fit: shorten it in "
        "desk.toml"
    ]


def test_a_producer_without_welsh_words_has_no_step_and_no_text_in_welsh(desk: Desk) -> None:
    names = [step.name for step in book_for(("x",), languages=setup().languages)]
    assert [name for name in names if name.startswith("tell_")] == [
        "tell_x",
        "tell_x_update",
        "tell_x_recovered",
        "tell_x_corrected",
    ]
    bilingual(desk)
    names = [step.name for step in book_for(("x",), languages=setup().languages)]
    assert {name for name in names if name.startswith("tell_")} == {
        f"tell_x{language}{kind}"
        for language in ("", "_cy")
        for kind in ("", "_update", "_recovered", "_corrected")
    }


def test_a_word_in_welsh_is_a_post_of_its_own_and_is_answered_in_welsh(
    desk: Desk, tmp_path: Path
) -> None:
    watched()
    with service("mastodon", tmp_path) as moody:
        bilingual(desk, mastodon=moody.url)
        for act, key in ((tell_late, "late"), (tell_recovered, "recovered")):
            for language in setup().languages:
                made = work()
                told = partial(act, channel="mastodon", language=language)
                [fact] = told(Work(made.release, [], f"{key}/{language}", 1, made.verdict))
                assert fact.kind is Kind.USERS_TOLD
                assert fact.details.get("language", "en") == language
        posts = moody.truth()
    assert len(posts) == 4
    rows = {one.about: one for one in Message.objects.all()}
    assert set(rows) == {"late", "late-cy", "recovered", "recovered-cy"}
    assert rows["late-cy"].text.startswith("Gellir darllen")
    assert len({one.service_id for one in rows.values()}) == 4


def test_each_word_tells_its_channel_in_which_language_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Notice] = []
    post = Printed.post

    def hear(printed: Printed, notice: Notice) -> Posted:
        said.append(notice)
        return post(printed, notice)

    monkeypatch.setattr(Printed, "post", hear)
    bilingual(desk)
    watched()
    tell_late(work(), "x", WELSH)
    made = work()
    tell_recovered(Work(made.release, [], "back", 1, made.verdict), "x", WELSH)
    assert [(one.language, one.slug) for one in said] == [
        ("cy", "release-gdp-late-cy"),
        ("cy", "release-gdp-recovered-cy"),
    ]
    assert said[1].answers == "printed-release-gdp-late-cy"


def test_an_address_that_only_our_own_network_reaches_is_found_before_the_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised()
    Release.objects.update(announced="http://10.0.0.7/gdp")
    release = Release.objects.get()
    assert check_ready._addresses(release) == []  # a drill lives on loopback
    monkeypatch.setattr(type(setup()), "clock", lambda _: RealClock())
    assert check_ready._addresses(release) == [
        "http://10.0.0.7/gdp: 10.0.0.7 is an address of this network, not a public one"
    ]
