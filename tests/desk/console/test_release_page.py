import html
import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ninethirty.core.facts import Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.move import move
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Person, Release
from ninethirty.desk.setup import setup
from ninethirty.gate.source import Folder
from tests.core.made import at
from tests.desk.console.signed_in import client_of
from tests.desk.setting import (
    APPROVER,
    GATE,
    GATE_KEY,
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    bundle,
    happens,
    kinds,
    together,
)
from tests.desk.way import FILES, armed, gate_running, promised, sealed

PAGE = f"/releases/{RELEASE}"
OTHER_DATE = f"/calendar/date/{RELEASE}"
INDEX = b"<html><body><main><h1>GDP</h1><p>It grew by 0.3%.</p></main></body></html>"


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def acts(client: Client) -> set[str]:
    shown = client.get(PAGE).content.decode()
    verbs = ("seal", "ask", "approve", "arm", "hold", "correct")
    there = {verb for verb in verbs if f'href="{PAGE}/act/{verb}"' in shown}
    return there | ({"move"} if f'href="{OTHER_DATE}"' in shown else set())


def test_today_shows_what_is_due_and_the_first_red_thing_and_the_wall_does_too(desk: Desk) -> None:
    promised()
    client = client_of(STATISTICIAN)
    for address in ("/", "/today/rows", "/wall"):
        shown = text(client.get(address))
        assert "Gross domestic product" in shown
        assert "sealed: the release is announced" in shown
        assert "in 1 h" in shown
    assert "<title>Today" in text(client.get("/"))


def test_the_live_part_of_today_comes_only_when_something_is_other(desk: Desk) -> None:
    promised()
    client = client_of(STATISTICIAN)

    def live(since: str) -> Any:
        return client.get("/today/rows", {"since": since})

    since = text(client.get("/")).partition("?since=")[2].partition('"')[0]
    assert live(since).status_code == 204
    desk.show(at(-3590))  # ten seconds on, in the same minute: nobody's place is lost for that
    assert live(since).status_code == 204
    happens(Kind.CANCELLED, at(-3590), actor=HEAD)
    assert live(since).status_code == 200
    since = text(live("")).partition("?since=")[2].partition('"')[0]
    assert live(since).status_code == 204


def test_a_row_of_today_is_other_once_anything_is_that_it_rests_on(desk: Desk) -> None:
    promised()
    client = client_of(STATISTICIAN)

    def today() -> str:
        return text(client.get("/"))

    desk.show(at(-2 * 86_400))
    assert "not yet</strong>" in today()
    desk.show(at(-3600))  # less than a day: what is missing is red
    assert "not yet</strong>" not in (shown := today())
    assert "not checked yet" in shown
    happens(Kind.STEP_DONE, at(-3600), step="check_day_before", attempt=1)
    assert "not checked yet" not in today()
    Release.objects.update(title="Renamed meanwhile")
    assert "Gross domestic product" not in today()
    assert "no gate has said how its clock stands" in today()
    setup().shelf().publish("site/page", [], at(-3600))
    word = {"gate": GATE, "key": GATE_KEY.public, "version": 1, "clock": "trusted"}
    Folder(desk.home / "shelf").acknowledge(GATE, word)
    assert "no gate has said how its clock stands" not in today()
    desk.show(at(1))
    assert "1 s ago" in (shown := today())
    assert "Its time has come" in shown


def test_a_day_without_releases_says_so(desk: Desk) -> None:
    assert "Nothing of yours is due" in text(client_of(STATISTICIAN).get("/"))


def test_a_release_of_another_producer_is_not_there(desk: Desk) -> None:
    promised()
    client = client_of(STATISTICIAN)
    Release.objects.update(series="of-another")
    assert "Gross domestic product" not in text(client.get("/"))
    for address in (PAGE, f"{PAGE}/act/seal", f"{PAGE}/as-it-will-be/after"):
        assert client.get(address).status_code == 404
    assert client.post(f"{PAGE}/act/seal").status_code == 404
    assert client.post(f"{PAGE}/hand-in/begin", "[]", "text/plain").status_code == 404


def test_a_release_goes_from_a_zip_to_armed_by_the_hands_that_may(
    desk: Desk, tmp_path: Path
) -> None:
    promised()
    statistician, approver, officer = map(client_of, (STATISTICIAN, APPROVER, OFFICER))
    sent = io.BytesIO()
    with ZipFile(sent, "w") as archive:
        archive.writestr("gdp/index.html", INDEX)
        archive.writestr("gdp/data.csv", b"quarter,growth\nQ3,0.3\n")
    upload = SimpleUploadedFile("gdp.zip", sent.getvalue())
    assert statistician.post(f"{PAGE}/hand-in", {"files": upload, "end": "1"}).status_code == 302
    shown = text(statistician.get(PAGE))
    assert "data.csv" in shown
    assert "no status label" in shown
    assert "names no contact" in shown
    assert acts(statistician) == {"seal", "move"}
    assert statistician.post(f"{PAGE}/act/seal").status_code == 302
    assert acts(statistician) == {"ask", "move"}
    assert statistician.post(f"{PAGE}/act/ask").status_code == 302
    assert acts(approver) == {"approve"}
    looked_at = Release.objects.get(id=RELEASE).seal
    assert looked_at in text(approver.get(f"{PAGE}/act/approve"))
    assert approver.post(f"{PAGE}/act/approve", {"seal": looked_at}).status_code == 302
    assert acts(officer) == {"arm", "move"}
    places = {f"place:{name}": url for name, url in FILES.items()}
    with gate_running(desk, tmp_path / "gate"):
        assert officer.post(f"{PAGE}/act/arm", places).status_code == 302
        assert acts(officer) == {"hold", "move"}
        assert officer.post(f"{PAGE}/act/hold", {"reason": "A wrong column."}).status_code == 302
    assert kinds(facts_of(RELEASE)) == [
        Kind.ANNOUNCED,
        Kind.STAGED,
        Kind.SEALED,
        Kind.APPROVAL_ASKED,
        Kind.APPROVED,
        Kind.ARMED,
        Kind.WATCHED,
        Kind.HELD,
    ]


@pytest.mark.parametrize(
    ("who", "verb", "said"),
    [
        (APPROVER, "seal", "not for a approver"),
        (STATISTICIAN, "approve", "not for a statistician"),
        (STATISTICIAN, "arm", "not for a statistician"),
        (STATISTICIAN, "hold", "not for a statistician"),
        (OFFICER, "correct", "not for a publishing officer"),
        (APPROVER, "ask", "not for a approver"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"])
def test_what_somebody_may_not_do_has_no_button_and_is_refused_by_its_address(
    desk: Desk, tmp_path: Path, who: str, verb: str, said: str
) -> None:
    sealed(tmp_path / "files")
    client = client_of(who)
    before = len(facts_of(RELEASE))
    assert verb not in acts(client)
    day = {"day": "2026-12-02", "time": "09:30", "reason": "Late data.", "seal": "x"}
    answer = client.post(f"{PAGE}/act/{verb}", day)
    assert answer.status_code == 403
    assert said in text(answer)
    assert len(facts_of(RELEASE)) == before


def test_an_approver_does_not_approve_what_they_staged(desk: Desk, tmp_path: Path) -> None:
    seal_of = sealed(tmp_path / "files")
    client = client_of(STATISTICIAN)
    Person.objects.filter(id=STATISTICIAN).update(role="approver")
    assert acts(client) == set()
    for answer in (
        client.get(f"{PAGE}/act/approve"),
        client.post(f"{PAGE}/act/approve", {"seal": seal_of}),
    ):
        assert answer.status_code == 403
        assert "nobody approves what they staged" in text(answer)


def test_two_who_approve_at_once_leave_one_approval_and_one_is_told(
    desk: Desk, tmp_path: Path
) -> None:
    seal_of = sealed(tmp_path / "files")
    clients = [client_of(APPROVER), client_of(HEAD)]
    came = together(
        *(lambda it=one: it.post(f"{PAGE}/act/approve", {"seal": seal_of}) for one in clients)
    )
    assert sorted(one.status_code for one in came) == [302, 403]
    assert kinds(facts_of(RELEASE)).count(Kind.APPROVED) == 1


def test_approving_while_somebody_hands_in_anew_is_refused(desk: Desk, tmp_path: Path) -> None:
    looked_at = sealed(tmp_path / "files")
    client = client_of(APPROVER)
    client.get(f"{PAGE}/act/approve")
    stage(RELEASE, bundle(tmp_path / "files", {"data.csv": b"a\n2\n"}), by=STATISTICIAN)
    seal(RELEASE, by=STATISTICIAN)
    answer = client.post(f"{PAGE}/act/approve", {"seal": looked_at})
    assert answer.status_code == 403
    assert f"you looked at {looked_at[:12]}" in text(answer)
    assert Kind.APPROVED not in kinds(facts_of(RELEASE))


def test_what_changed_since_the_last_seal_is_shown_side_by_side(desk: Desk, tmp_path: Path) -> None:
    sealed(tmp_path / "files")
    more = {"data.csv": b"quarter,growth\nQ3,0.4\n", "more.txt": b"more\n"}
    stage(RELEASE, bundle(tmp_path / "files", more), by=STATISTICIAN)
    shown = text(client_of(STATISTICIAN).get(PAGE))
    assert '<td class="nt-out">Q3,0.3</td><td class="nt-in">Q3,0.4</td>' in shown
    assert "more.txt: is new" in shown
    assert "index.html: " not in shown


OTHER = "2027-01-13 09:30 Europe/London"


def asks_for_another_date() -> None:
    move(RELEASE, WallTime.parse(OTHER), by=STATISTICIAN, reason="A supplier is late.")


def test_the_head_of_profession_agrees_to_another_date_that_was_read(desk: Desk) -> None:
    promised()
    asks_for_another_date()
    statistician, head = client_of(STATISTICIAN), client_of(HEAD)
    assert "The head of profession has to answer" in text(statistician.get(PAGE))
    assert "/act/agree" not in text(statistician.get(PAGE))
    assert "/act/agree" in text(head.get(PAGE))
    shown = text(head.get(f"{PAGE}/act/agree"))
    assert OTHER in shown
    assert "A supplier is late." in shown
    read = {"read": str(facts_of(RELEASE)[-1].n)}
    asks_for_another_date()
    answer = head.post(f"{PAGE}/act/agree", read)
    assert answer.status_code == 403
    assert "another date was asked for meanwhile" in text(answer)
    assert head.post(f"{PAGE}/act/agree").status_code == 403
    assert kinds(facts_of(RELEASE))[-1] == Kind.MOVE_ASKED
    read = {"read": str(facts_of(RELEASE)[-1].n)}
    assert statistician.post(f"{PAGE}/act/agree", read).status_code == 403
    assert head.post(f"{PAGE}/act/agree", read).status_code == 302
    assert Release.objects.get(id=RELEASE).opens == OTHER
    assert head.get(f"{PAGE}/act/agree").status_code == 403  # answered


def test_the_head_of_profession_keeps_the_date_with_a_reason(desk: Desk) -> None:
    promised()
    asks_for_another_date()
    head, was = client_of(HEAD), Release.objects.get(id=RELEASE).opens
    told = {"read": str(facts_of(RELEASE)[-1].n)}
    assert head.post(f"{PAGE}/act/refuse", told).status_code == 403
    assert head.post(f"{PAGE}/act/refuse", told | {"reason": "It is not."}).status_code == 302
    assert kinds(facts_of(RELEASE))[-1] == Kind.MOVE_REFUSED
    assert Release.objects.get(id=RELEASE).opens == was
    assert "has to answer" not in text(client_of(STATISTICIAN).get(PAGE))


def test_a_preview_shows_the_page_before_and_after_in_a_sandbox(desk: Desk, tmp_path: Path) -> None:
    sealed(tmp_path / "files")
    client = client_of(APPROVER)
    before, after = (client.get(f"{PAGE}/as-it-will-be/{one}") for one in ("before", "after"))
    assert "It grew by 0.3%" in text(after)
    assert "It grew by 0.3%" not in text(before)
    assert after["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "<script" not in text(after)
    assert client.get(f"{PAGE}/as-it-will-be/now").status_code == 404


def test_files_sent_piece_by_piece_go_on_after_a_break_and_are_handed_in(desk: Desk) -> None:
    promised()
    client = client_of(STATISTICIAN)

    def ask(verb: str, body: Any) -> Any:
        return client.post(f"{PAGE}/hand-in/{verb}", body, "application/octet-stream")

    listed = json.dumps([{"name": "gdp/index.html", "size": len(INDEX), "modified": 1}])
    assert ask("begin", listed).json() == {"have": [0]}
    cut = len(INDEX) * 9 // 10
    assert ask("piece?n=0&from=0", INDEX[:cut]).json() == {"have": cut}
    answer = ask("finish", b"")
    assert answer.status_code == 400
    assert "have come" in answer.json()["detail"]
    assert Kind.STAGED not in kinds(facts_of(RELEASE))
    assert ask("begin", listed).json() == {"have": [cut]}
    assert ask(f"piece?n=0&from={cut}", INDEX[cut:]).json() == {"have": len(INDEX)}
    assert ask("finish", b"").json() == {"done": True}
    assert Kind.STAGED in kinds(facts_of(RELEASE))
    assert ask("piece?n=x&from=0", b"").status_code == 400
    assert "could not be read" in ask("begin", b"{").json()["detail"]


def test_an_upload_that_is_cut_too_many_or_bad_leaves_nothing_behind(desk: Desk) -> None:
    promised()
    client = client_of(STATISTICIAN)

    def send(*files: tuple[str, bytes], **fields: str) -> Any:
        uploads = [SimpleUploadedFile(name, content) for name, content in files]
        return client.post(f"{PAGE}/hand-in", {"files": uploads, **fields})

    for answer, said in (
        (send(("index.html", INDEX)), "was cut off"),
        (send(("index.html", INDEX), ("INDEX.html", INDEX), end="1"), "are one name"),
        (send(("CON.csv", b"x"), end="1"), "device on Windows"),
        (send(*((f"{n}.csv", b"x") for n in range(101)), end="1"), "more than 100 files"),
        (send(("a.zip", b"PK no"), end="1"), "cut off or damaged"),
        (send(("a.csv", b"x"), end="1"), "no index.html"),
        (client.post(f"{PAGE}/hand-in", {"end": "1"}), "no file in it"),
    ):
        assert answer.status_code == 400
        assert said in text(answer)
    assert kinds(facts_of(RELEASE)) == [Kind.ANNOUNCED]
    assert not [one for one in (desk.home / "parcels").rglob("*") if one.name == "came"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_nobody_else_hands_in_and_a_scan_that_is_off_is_said_to_be(desk: Desk) -> None:
    promised()
    assert "virus scan is off" in text(client_of(STATISTICIAN).get(PAGE))
    answer = client_of(APPROVER).post(f"{PAGE}/hand-in/begin", "[]", "text/plain")
    assert answer.status_code == 403
    desk.more = f'clamd = "{desk.home}/no.sock"\n'
    (desk.home / "desk.toml").write_text(desk.more + (desk.home / "desk.toml").read_text())
    from ninethirty.desk.setup import setup

    setup.cache_clear()
    upload = SimpleUploadedFile("index.html", INDEX)
    client = client_of(STATISTICIAN)
    answer = client.post(f"{PAGE}/hand-in", {"files": upload, "end": "1"})
    assert answer.status_code == 502
    assert "virus scan does not answer" in text(answer)
    assert kinds(facts_of(RELEASE)) == [Kind.ANNOUNCED]


def test_a_form_sent_after_the_session_ended_is_offered_again(desk: Desk, tmp_path: Path) -> None:
    sealed(tmp_path / "files")
    client = Client(headers={"host": "localhost"})
    answer = client.post(f"{PAGE}/act/hold", {"reason": "A wrong column."})
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]
    assert client.session["typed"]["fields"] == [["reason", "A wrong column."]]


def test_a_correction_is_ordered_by_the_head_of_profession_alone(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    happens(Kind.ON_TIME, at(1))
    client = client_of(HEAD)
    assert "correct" in acts(client)
    sent = {"day": "2026-12-02", "time": "12:00", "reason": "A wrong column."}
    assert client.post(f"{PAGE}/act/correct", sent).status_code == 302
    assert Release.objects.filter(replaces=RELEASE).count() == 1
