"""Two whole days at the console in a real browser, with the real runner behind it: one on which all
goes well, by keyboard alone, and one on which a release is late, up to the signed report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ninethirty.core.breach import Report, gaps
from ninethirty.core.document import digest, keyed
from ninethirty.core.facts import Kind
from ninethirty.core.page import visible_text
from ninethirty.core.watch import read_order
from ninethirty.desk.actions.bundle import manifest_of, page_of
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, Release
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.record.sightings import store
from ninethirty.desk.setup import setup
from tests.core.made import at, look
from tests.desk.pages.console.staff import press, reach
from tests.desk.setting import (
    APPROVER,
    HEAD,
    OFFICER,
    RELEASE,
    ROLES,
    STATISTICIAN,
    WITNESSES,
    Desk,
    bundle,
    kinds,
    work_here,
)
from tests.desk.test_runner import (
    LATE_DAY,
    SERVICES,
    TOLD,
    a_late_day,
    done,
    rounds,
    runner,
    services,
    show,
    told_on,
)
from tests.desk.way import gate_running, promised

Browsing = Callable[..., BrowserContext]
TabOf = Callable[[str], Page]
Pictured = Callable[[Page, str], None]
ACTS_OF_A_GOOD_DAY = (Kind.STAGED, Kind.SEALED, Kind.APPROVAL_ASKED, Kind.APPROVED, Kind.ARMED)
TITLE = "Gross domestic product"
COPY = "https://elsewhere.example/gdp"


@pytest.fixture
def tab_of(browsing: Browsing) -> TabOf:
    """A tab of each person, who stays signed in all day."""
    tabs: dict[str, Page] = {}

    def tab(person: str) -> Page:
        if person not in tabs:
            tabs[person] = browsing(ROLES[person], person).new_page()
        return tabs[person]

    return tab


def click(tab: Page, name: str, role: Any = "button") -> None:
    tab.get_by_role(role, name=name, exact=True).first.click()


def seen_right(last: int) -> None:
    """Every witness gets all of it at every address from T on."""
    row = Release.objects.get(id=RELEASE)
    order, key = read_order(bytes(row.order), setup().key().public), bytes.fromhex(row.key)
    manifest = manifest_of(row)
    pages = [page_of(manifest, row.seal), setup().shelf().read(manifest.files[1].digest).decode()]
    known = [digest(visible_text(page).encode()) for page in pages]
    known += [file.digest for file in manifest.files]
    for channel in order.channels:
        for part in channel.parts:
            found = next(one for one in known if keyed(key, one) == part.keyed)
            store(
                replace(
                    look(witness["name"], offset, "different", part=part.name),
                    release=RELEASE,
                    channel=channel.name,
                    digest=found,
                    text_digest=found if part.is_page else "",
                )
                for witness in WITNESSES
                for offset in range(0, last, 2)
            )


def test_a_release_goes_from_a_folder_to_public_with_the_keyboard_alone(
    desk: Desk, tmp_path: Path, tab_of: TabOf, pictured: Pictured
) -> None:
    promised()
    folder = bundle(tmp_path / "gdp")
    tab = tab_of(STATISTICIAN)
    tab.goto("/")
    press(tab, TITLE, "link")
    reach(tab, tab.locator("#folder"))
    with tab.expect_file_chooser() as chooser:
        tab.keyboard.press("Enter")
    chooser.value.set_files(folder)
    press(tab, "Hand in")
    expect(tab.get_by_text("Handed in. Look at it, then seal it.")).to_be_visible()
    press(tab, "Seal")
    press(tab, "Seal this release")
    expect(tab.get_by_text("Sealed.")).to_be_visible()
    press(tab, "Ask for approval")
    press(tab, "Ask for approval")
    expect(tab.get_by_text("Asked.")).to_be_visible()
    pictured(tab, "release")

    tab = tab_of(APPROVER)
    tab.goto("/")
    press(tab, TITLE, "link")
    press(tab, "The page from its time on", "link")
    expect(tab.get_by_text("It grew by 0.3%.")).to_be_visible()
    tab.go_back()
    press(tab, "Approve")
    pictured(tab, "approve")
    press(tab, "Approve this release")
    expect(tab.get_by_text("Approved.")).to_be_visible()

    tab = tab_of(OFFICER)
    tab.goto("/")
    press(tab, TITLE, "link")
    press(tab, "Arm")
    with gate_running(desk, tmp_path / "gate"):
        press(tab, "Arm this release")
        expect(tab.get_by_text("Armed: a gate stands for it.")).to_be_visible()
        tab.goto("/")
        pictured(tab, "today")

    # Nobody does anything at T.
    show(desk, 30)
    seen_right(30)
    with runner(desk) as one:
        rounds(one, until=lambda: Kind.ON_TIME in kinds(facts_of(RELEASE)))
    tab = tab_of(HEAD)
    tab.goto("/")
    press(tab, TITLE, "link")
    expect(tab.get_by_text("public on time")).to_be_visible()
    expect(tab.get_by_role("button", name="Correct")).to_be_visible()
    acted = [fact.actor for fact in facts_of(RELEASE) if fact.kind in ACTS_OF_A_GOOD_DAY]
    assert acted == [STATISTICIAN, STATISTICIAN, STATISTICIAN, APPROVER, OFFICER]


def test_a_late_release_is_answered_and_its_report_signed_by_clicks_alone(
    desk: Desk, tmp_path: Path, tab_of: TabOf, pictured: Pictured
) -> None:
    work_here()
    a_late_day()
    officer, statistician, head = map(tab_of, (OFFICER, STATISTICIAN, HEAD))

    def newest(kind: Kind) -> str:
        """Who did it."""
        return next(fact.actor for fact in reversed(facts_of(RELEASE)) if fact.kind is kind)

    with services(desk, tmp_path, *SERVICES) as outside, runner(desk) as one:
        outside["helpdesk"].clock.show(at(70))
        show(desk, 25)
        rounds(one, until=lambda: "check_alternate" in done())
        officer.goto("/")
        click(officer, "Incidents", "link")
        click(officer, TITLE, "link")
        click(officer, "I am at it")
        expect(officer.get_by_text("Done: Say that you are at it")).to_be_visible()
        click(officer, "Stop the public steps")
        officer.get_by_label("Why?").fill("Is the seal right?")
        click(officer, "Stop the public steps now")
        expect(officer.get_by_text("The public steps are stopped:")).to_be_visible()

        show(desk, 90)
        rounds(one, until=lambda: "raise_ticket" in done())
        assert told_on("late") == []
        pictured(officer, "incident")
        click(officer, "Let the public steps go on")
        officer.get_by_label("Why?").fill("It is.")
        click(officer, "Let them go on now")
        rounds(one, until=lambda: set(told_on("late")) == TOLD)
        # What the runner did is there without asking for it.
        expect(officer.get_by_text("x, late: sent")).to_be_visible(timeout=20_000)
        officer.get_by_text("x, late: sent").click()
        expect(officer.locator("#notice-x-late")).to_contain_text(f"{setup().site}/gdp")

        statistician.goto("/incidents")
        click(statistician, TITLE, "link")
        click(statistician, "Note a telephone call", "link")
        statistician.get_by_label("What did they say?").fill("Where is it?")
        click(statistician, "Somebody telephoned")
        click(statistician, "Note a mail", "link")
        click(statistician, "Somebody wrote")
        click(statistician, "Write a hand-over note", "link")
        statistician.get_by_label("What must the next person know?").fill("They restart it.")
        click(statistician, "Keep the note")
        expect(statistician.get_by_text("They restart it.")).to_be_visible()

        click(officer, "Confirm: upload elsewhere", "link")
        officer.get_by_label("Address of the page").fill(COPY)
        click(officer, "Ask a second person to agree")
        head.goto("/incidents")
        click(head, TITLE, "link")
        click(head, "Confirm: upload elsewhere", "link")
        expect(head.get_by_role("link", name=COPY)).to_be_visible()
        click(head, "I agree that it is done")
        expect(head.get_by_text("Done: upload elsewhere")).to_be_visible()
        click(officer, "Look again", "link")
        expect(officer.get_by_text(f"Name of {OFFICER}: at it since")).to_be_visible()

        show(desk, 300)
        rounds(one, until=lambda: len(done()) > len(LATE_DAY), seconds=30)
    for kind, person in (
        (Kind.VETOED, OFFICER),
        (Kind.VETO_LIFTED, OFFICER),
        (Kind.HANDED_OVER, STATISTICIAN),
        (Kind.ENQUIRY_NOTED, STATISTICIAN),
        (Kind.SECOND_ASKED, OFFICER),
    ):
        assert newest(kind) == person, kind

    reference = Breach.objects.get(release=RELEASE).reference
    click(statistician, "Reports", "link")
    click(statistician, reference, "link")
    pictured(statistician, "report")
    for n, entry in enumerate(dict.fromkeys(name for name, _ in gaps(written(reference)))):
        click(statistician, f"Edit {entry.replace('_', ' ')}", "link")
        field = statistician.locator("#text")
        there = field.input_value()
        field.fill(f"{there}\nFilled in, entry {n}." if there else f"Filled in, entry {n}.")
        statistician.get_by_label("What changed, and why").fill("It was open.")
        click(statistician, "Write another version")
        expect(statistician.get_by_text("Another version is written.")).to_be_visible()
    assert not list(gaps(written(reference)))
    click(statistician, "Ask for a review", "link")
    click(statistician, "Ask for a review")
    approver = tab_of(APPROVER)
    approver.goto("/reports")
    click(approver, reference, "link")
    click(approver, "Comment", "link")
    approver.get_by_label("Your comment").fill("It is as I saw it.")
    click(approver, "Keep the comment")
    click(head, "Reports", "link")
    click(head, reference, "link")
    expect(head.get_by_text("It is as I saw it.")).to_be_visible()
    click(head, "Sign the report", "link")
    click(head, "Sign this version")
    expect(head.get_by_text("Done: Sign the report")).to_be_visible()
    assert Breach.objects.get(reference=reference).stage == "signed"
    signed = facts_of(subject_of(reference))[-1]
    assert (signed.kind, signed.actor) == (Kind.REPORT_SIGNED, HEAD)


def written(reference: str) -> Report:
    return report_of(Breach.objects.get(reference=reference))
