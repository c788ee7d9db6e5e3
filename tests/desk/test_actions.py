from pathlib import Path

import pytest

from ninethirty.core.document import digest, keyed
from ninethirty.core.errors import BundleRefused, NoSuchTime, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.page import visible_text
from ninethirty.core.release import Role
from ninethirty.core.schedule import Content
from ninethirty.core.times import WallTime, zone_rules
from ninethirty.core.watch import ALTERNATE, ANNOUNCED, read_key, read_order
from ninethirty.desk.actions import arm as arming
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.last_edition import name_last_edition
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import Person, Release
from ninethirty.desk.setup import setup
from ninethirty.gate.source import Folder
from tests.core.made import at
from tests.desk.setting import (
    ANNOUNCED_AT,
    APPROVER,
    COLLEAGUE,
    GATE,
    GATE_KEY,
    OFFICER,
    PROMISE,
    RELEASE,
    SITE,
    STATISTICIAN,
    Desk,
    bundle,
    happens,
    kinds,
    work_here,
)
from tests.desk.way import FILES, approved, armed, gate_running, promised, sealed


def openings() -> dict[str, Content]:
    found = {}
    for opening in setup().shelf().says(f"release/{RELEASE}"):
        assert isinstance(opening.answer, Content)
        assert opening.opens == PROMISE.resolve()
        found[opening.path] = opening.answer
    return found


def test_a_release_is_announced_with_the_instant_it_promises(desk: Desk) -> None:
    fact = promised()
    assert fact.details == {
        "opens": str(PROMISE),
        "instant": "2026-12-01T09:30:00.000000Z",
        "tzdata": zone_rules(),
        "warned": ["short-notice"],
    }
    assert fact.actor == STATISTICIAN
    assert facts_of(RELEASE) == [fact]


def test_a_promise_of_a_time_that_does_not_exist_is_refused(desk: Desk) -> None:
    work_here()
    with pytest.raises(NoSuchTime):
        announce(
            RELEASE,
            title="GDP",
            opens=WallTime.parse("2026-03-29 01:30 Europe/London"),
            path="/gdp",
            announced=ANNOUNCED_AT,
            by=STATISTICIAN,
        )
    assert facts_of(RELEASE) == []
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"release": "r" * 81}, "its id is longer than 80"),
        ({"title": "t" * 301}, "its title is longer than 300"),
        ({"path": "/" + "p" * 300}, "its path is longer than 300"),
        ({"announced": "http://" + "a" * 494}, "its address is longer than 500"),
    ],
)
def test_what_a_database_could_not_hold_is_refused_before_it_is_asked(
    desk: Desk, changed: dict[str, str], said: str
) -> None:
    work_here()
    told = {"release": RELEASE, "title": "GDP", "path": "/gdp", "announced": ANNOUNCED_AT}
    told |= changed
    with pytest.raises(NotAllowed, match=said):
        announce(told.pop("release"), opens=PROMISE, by=STATISTICIAN, **told)
    assert not Release.objects.exists()


def test_somebody_unknown_may_do_nothing(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="person-9"):
        announce(
            RELEASE, title="GDP", opens=PROMISE, path="/gdp", announced=ANNOUNCED_AT, by="person-9"
        )


def test_a_page_before_t_is_refused_since_the_desk_makes_it(desk: Desk, tmp_path: Path) -> None:
    promised()
    folder = bundle(tmp_path / "files", {"before/index.md": b"# Not yet\n"})
    with pytest.raises(BundleRefused, match="before/ is for `ninethirty seal`: a desk makes"):
        stage(RELEASE, folder, by=STATISTICIAN)
    assert Release.objects.get(id=RELEASE).manifest is None


def test_each_act_takes_its_role(desk: Desk, tmp_path: Path) -> None:
    promised()
    folder = bundle(tmp_path / "files")
    with pytest.raises(NotAllowed, match="not for a approver"):
        stage(RELEASE, folder, by=APPROVER)
    stage(RELEASE, folder, by=STATISTICIAN)
    with pytest.raises(NotAllowed):
        seal(RELEASE, by=OFFICER)
    seal(RELEASE, by=STATISTICIAN)
    digest_of_bundle = Release.objects.get(id=RELEASE).seal
    with pytest.raises(NotAllowed):
        approve(RELEASE, digest_of_bundle, by=COLLEAGUE)
    approve(RELEASE, digest_of_bundle, by=APPROVER)
    with pytest.raises(NotAllowed):
        arm(RELEASE, announced_files=FILES, by=STATISTICIAN)
    assert kinds(facts_of(RELEASE)) == [Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED]


@pytest.mark.parametrize("stager", [STATISTICIAN, COLLEAGUE])
def test_nobody_approves_what_they_staged_or_sealed_whatever_their_role_is_now(
    desk: Desk, tmp_path: Path, stager: str
) -> None:
    promised()
    stage(RELEASE, bundle(tmp_path / "files"), by=STATISTICIAN)
    seal(RELEASE, by=COLLEAGUE)
    Person.objects.filter(id=stager).update(role=Role.APPROVER)
    with pytest.raises(NotAllowed, match="nobody approves what they staged"):
        approve(RELEASE, Release.objects.get(id=RELEASE).seal, by=stager)


def test_approving_another_digest_than_the_one_looked_at_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    looked_at = sealed(tmp_path / "files")
    stage(RELEASE, bundle(tmp_path / "files", {"data.csv": b"changed"}), by=STATISTICIAN)
    seal(RELEASE, by=STATISTICIAN)
    with pytest.raises(NotAllowed, match=f"you looked at {looked_at[:12]}"):
        approve(RELEASE, looked_at, by=APPROVER)
    assert Kind.APPROVED not in kinds(facts_of(RELEASE))


def test_the_seal_covers_title_and_files(desk: Desk, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "files")
    seals = []
    for release, title in (("release/a", "One"), ("release/b", "Two")):
        promised(release, title)
        stage(release, folder, by=STATISTICIAN)
        seals.append(seal(release, by=STATISTICIAN).details["seal"])
    stage("release/b", bundle(folder, {"data.csv": b"other"}), by=STATISTICIAN)
    seals.append(seal("release/b", by=STATISTICIAN).details["seal"])
    assert len(set(seals)) == 3


def test_staging_anew_voids_seal_and_approval(desk: Desk, tmp_path: Path) -> None:
    old = approved(tmp_path / "files")
    stage(RELEASE, bundle(tmp_path / "files", {"more.csv": b"1"}), by=STATISTICIAN)
    assert Release.objects.get(id=RELEASE).seal == ""
    with pytest.raises(NotAllowed, match="the release is staged, expected approved"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    with pytest.raises(NotAllowed):
        approve(RELEASE, old, by=APPROVER)
    assert setup().shelf().root() is None


def test_arming_what_was_changed_after_approval_is_refused(desk: Desk, tmp_path: Path) -> None:
    approved(tmp_path / "files")
    row = Release.objects.get(id=RELEASE)
    assert row.manifest is not None
    row.manifest["title"] = "Gross domestic produce"
    row.save()
    with pytest.raises(NotAllowed, match="not the one that was approved"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert setup().shelf().root() is None


def test_arming_without_a_gate_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arming, "PATIENCE", 0.2)
    approved(tmp_path / "files")
    with pytest.raises(NotAllowed, match=r"no gate acknowledged within .*is one running"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert Kind.ARMED not in kinds(facts_of(RELEASE))
    assert not bytes(Release.objects.get(id=RELEASE).order)


def test_arming_before_any_gate_is_let_in_says_where_to_name_it(desk: Desk, tmp_path: Path) -> None:
    told = desk.home / "desk.toml"
    told.write_text(told.read_text().partition("[[gates]]")[0])
    setup.cache_clear()
    approved(tmp_path / "files")
    with pytest.raises(NotAllowed, match=r"no gate can read it; name each in desk\.toml"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)


def test_a_gate_that_stands_for_an_older_schedule_does_not_count(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arming, "PATIENCE", 0.2)
    approved(tmp_path / "files")
    shelf = setup().shelf()
    shelf.publish("site/other", [], at(-7200))
    Folder(desk.home / "shelf").acknowledge(
        GATE, {"gate": GATE, "key": GATE_KEY.public, "version": 1}
    )
    with pytest.raises(NotAllowed, match="no gate acknowledged"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)


def test_arming_publishes_the_page_and_every_file_to_open_at_the_promise(
    desk: Desk, tmp_path: Path
) -> None:
    seal_of_bundle = approved(tmp_path / "files")
    with gate_running(desk, tmp_path / "gate"):
        armed, watched = arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert (armed.kind, watched.kind) == (Kind.ARMED, Kind.WATCHED)
    assert armed.details["gates"] == ["gate-1"]
    assert armed.details["seal"] == seal_of_bundle
    found = openings()
    assert set(found) == {"/gdp", "/gdp/data.csv", "/watch-key/gdp.json"}
    data = (tmp_path / "files" / "data.csv").read_bytes()
    assert found["/gdp/data.csv"].digest == digest(data)
    page = setup().shelf().read(found["/gdp"].digest).decode()
    assert "It grew by 0.3%." in page
    assert 'href="/gdp/data.csv"' in page
    assert digest(data) in page
    assert seal_of_bundle in page
    assert check_chain(RELEASE) == 6


def test_the_watch_order_names_contents_by_keyed_hashes_alone(desk: Desk, tmp_path: Path) -> None:
    approved(tmp_path / "files")
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    row = Release.objects.get(id=RELEASE)
    given = bytes(row.order)
    order = read_order(given, setup().key().public)
    page = setup().shelf().read(openings()["/gdp"].digest).decode()
    words = digest(visible_text((tmp_path / "files" / "index.html").read_text()).encode())
    data = digest((tmp_path / "files" / "data.csv").read_bytes())
    for secret in (words, data, digest(page.encode()), digest(visible_text(page).encode())):
        assert secret.encode() not in given
    assert row.key.encode() not in given
    key = bytes.fromhex(row.key)
    announced, alternate = order.channel(ANNOUNCED), order.channel(ALTERNATE)
    assert announced.page.keyed == keyed(key, words)
    assert alternate.page.keyed == keyed(key, digest(visible_text(page).encode()))
    assert [part.keyed for part in (*announced.files, *alternate.files)] == [keyed(key, data)] * 2
    assert [part.url for part in announced.parts] == [ANNOUNCED_AT, FILES["data.csv"]]
    assert [part.url for part in alternate.parts] == [f"{SITE}/gdp", f"{SITE}/gdp/data.csv"]
    assert {part.size_bytes for part in announced.files} == {
        len((tmp_path / "files" / "data.csv").read_bytes())
    }
    assert order.opens == PROMISE.resolve()


def test_the_key_to_compare_content_opens_at_the_promise_and_not_before(
    desk: Desk, tmp_path: Path
) -> None:
    approved(tmp_path / "files")
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    row = Release.objects.get(id=RELEASE)
    order = read_order(bytes(row.order), setup().key().public)
    path = "/watch-key/gdp.json"
    assert order.key_url == f"{SITE}{path}"
    given = setup().shelf().read(openings()[path].digest)
    assert read_key(given, setup().key().public, RELEASE) == bytes.fromhex(row.key)


def test_witnesses_are_told_of_addresses_that_show_who_is_offline(
    desk: Desk, tmp_path: Path
) -> None:
    settings = desk.home / "desk.toml"
    settings.write_text('controls = ["https://example.org/"]\n' + settings.read_text())
    setup.cache_clear()
    approved(tmp_path / "files")
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    order = read_order(bytes(Release.objects.get(id=RELEASE).order), setup().key().public)
    assert [(part.name, part.url) for part in order.controls] == [
        ("platform:1", "http://platform.example/"),
        ("unrelated:1", "https://example.org/"),
    ]


def settings_with(desk: Desk, table: str) -> None:
    with (desk.home / "desk.toml").open("a") as settings:
        settings.write(f"{table}\n")
    setup.cache_clear()


def test_listings_must_show_the_release_and_notices_must_not_be_early(
    desk: Desk, tmp_path: Path
) -> None:
    settings_with(desk, f'[watch]\nlistings = ["{SITE}/all"]\nnotices = ["{SITE}/all.atom"]')
    armed(desk, tmp_path)
    order = read_order(bytes(Release.objects.get(id=RELEASE).order), setup().key().public)
    announced = order.channel(ANNOUNCED)
    assert [(one.name, one.url) for one in announced.listings] == [("listing:1", f"{SITE}/all")]
    assert [(one.name, one.url) for one in announced.notices] == [("notice:1", f"{SITE}/all.atom")]
    assert order.channel(ALTERNATE).listings == ()


def test_the_watch_order_names_what_stands_there_of_our_earlier_editions(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    row = Release.objects.get(id=RELEASE)
    given, key = read_order(bytes(row.order), setup().key().public), bytes.fromhex(row.key)
    assert not any(part.previous for channel in given.channels for part in channel.parts)
    following = Release(id="release/gdp-q4", path="/gdp-q4", announced=row.announced)
    correction = Release(id=f"{RELEASE}/correction-1", path=row.path, announced="http://x.example")
    for after in (following, correction):
        # What has not opened yet does not stand there.
        assert name_last_edition(given, after, key) == given
    desk.show(at(60))
    for after in (following, correction):
        named = name_last_edition(given, after, key)
        for channel in named.channels:
            assert [part.previous for part in channel.parts] == [p.keyed for p in channel.parts]
    assert name_last_edition(given, row, key) == given
    other = Release(id="release/other", path="/other", announced="http://platform.example/other")
    assert name_last_edition(given, other, key) == given
    Release.objects.update(order=b"signed by a key of before")
    assert name_last_edition(given, following, key) == given


def test_a_file_the_platform_was_not_given_is_named_before_anything_is_armed(
    desk: Desk, tmp_path: Path
) -> None:
    approved(tmp_path / "files")
    with pytest.raises(NotAllowed, match=r"data\.csv"):
        arm(RELEASE, announced_files={}, by=OFFICER)
    assert setup().shelf().root() is None


def test_what_was_staged_while_the_gate_took_its_time_is_not_overwritten(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(tmp_path / "files")

    def meanwhile(release: str) -> list[str]:
        stage(release, bundle(tmp_path / "files", {"more.csv": b"1"}), by=STATISTICIAN)
        return ["gate-1"]

    monkeypatch.setattr(arming, "_acknowledged", meanwhile)
    with pytest.raises(NotAllowed, match="the release is staged"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    row = Release.objects.get(id=RELEASE)
    assert row.manifest is not None
    assert "more.csv" in [file["name"] for file in row.manifest["files"]]
    assert row.seal == ""
    assert not bytes(row.order)


def test_arming_writes_nothing_of_the_release_but_its_watch_order(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(tmp_path / "files")

    def meanwhile(_: str) -> list[str]:
        Release.objects.update(ticket="1007")
        return ["gate-1"]

    monkeypatch.setattr(arming, "_acknowledged", meanwhile)
    arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert Release.objects.get(id=RELEASE).ticket == "1007"


def test_a_release_is_armed_once(desk: Desk, tmp_path: Path) -> None:
    approved(tmp_path / "files")
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
        before = bytes(Release.objects.get(id=RELEASE).order)
        with pytest.raises(NotAllowed, match="the release is armed"):
            arm(RELEASE, announced_files=FILES, by=OFFICER)
    assert bytes(Release.objects.get(id=RELEASE).order) == before


def refused(folder: Path) -> str:
    with pytest.raises(BundleRefused) as wrong:
        stage(RELEASE, folder, by=STATISTICIAN)
    assert kinds(facts_of(RELEASE)) == [Kind.ANNOUNCED]
    assert Release.objects.get(id=RELEASE).manifest is None
    return str(wrong.value)


def test_a_link_that_leads_out_of_the_folder_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    promised()
    (tmp_path / "secret.csv").write_text("secret")
    folder = bundle(tmp_path / "files")
    (folder / "leak.csv").symlink_to("../secret.csv")
    assert "leak.csv" in refused(folder)


def test_a_link_that_leads_nowhere_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    promised()
    folder = bundle(tmp_path / "files")
    (folder / "lost.csv").symlink_to("never-there.csv")
    assert "lost.csv" in refused(folder)


def test_an_empty_file_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    promised()
    assert "tables/q3.csv is empty" in refused(bundle(tmp_path / "f", {"tables/q3.csv": b""}))


def test_a_folder_without_its_page_is_refused_and_told_which(desk: Desk, tmp_path: Path) -> None:
    promised()
    folder = bundle(tmp_path / "files")
    (folder / "index.html").unlink()
    assert "index.html" in refused(folder)


def test_a_folder_that_is_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    promised()
    assert "nowhere is not a folder" in refused(tmp_path / "nowhere")


def test_a_hidden_file_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    promised()
    assert ".draft.csv" in refused(bundle(tmp_path / "files", {".draft.csv": b"1"}))


def test_facts_of_the_way_to_arming_hold_no_names_and_no_addresses(
    desk: Desk, tmp_path: Path
) -> None:
    approved(tmp_path / "files")
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
    happens(Kind.BLIND)
    told = " ".join(f"{fact.actor} {fact.details}" for fact in facts_of(RELEASE))
    for kept_out in ("Name of", "http", "Gross", "data.csv"):
        assert kept_out not in told


def test_what_is_approved_of_a_page_in_markdown_is_what_readers_will_see(
    desk: Desk, tmp_path: Path
) -> None:
    promised()
    folder = bundle(tmp_path / "files", {"index.md": b"# GDP\n\nIt grew by *0.3%*.\n"})
    with pytest.raises(BundleRefused, match=r"both index\.md and index\.html"):
        stage(RELEASE, folder, by=STATISTICIAN)
    assert Release.objects.get(id=RELEASE).manifest is None, "half of it was kept"
    (folder / "index.html").unlink()
    stage(RELEASE, folder, by=STATISTICIAN)
    manifest = Release.objects.get(id=RELEASE).manifest
    assert manifest is not None
    names = {file["name"]: file["digest"] for file in manifest["files"]}
    assert set(names) == {"index.html", "data.csv"}
    page = setup().shelf().read(names["index.html"]).decode()
    assert visible_text(page) == "GDP It grew by 0.3% ."


def test_a_broken_workbook_is_refused_when_it_is_handed_in(desk: Desk, tmp_path: Path) -> None:
    promised()
    folder = bundle(tmp_path / "files", {"tables.ods": b"PK\x03\x04cut"})
    with pytest.raises(BundleRefused, match=r"tables\.ods: is cut off or damaged; save it anew"):
        stage(RELEASE, folder, by=STATISTICIAN)
    assert Release.objects.get(id=RELEASE).manifest is None
