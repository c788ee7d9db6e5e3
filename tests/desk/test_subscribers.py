"""People who asked to be told by mail: what they ask, what they are sent, and how they leave."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from errno import ENOSPC
from pathlib import Path

import pytest
from click.testing import CliRunner

from ninethirty.core import letter
from ninethirty.core.errors import CannotStart, NotAllowed, NotYet, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.letter import Letter, Sent, read_link
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.watch import ALTERNATE
from ninethirty.desk.actions.check_ready import check_ready
from ninethirty.desk.actions.erase import erase_past
from ninethirty.desk.actions.mail_out import mail_out, send_unknown
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.take_letters import take_letters
from ninethirty.desk.actions.take_returned import take_returned
from ninethirty.desk.actions.tell_subscribers import tell_subscribers
from ninethirty.desk.outside.mailing.account import check_mailing
from ninethirty.desk.outside.mailing.journal import Journal
from ninethirty.desk.outside.mailing.post import CONNECTIONS, Came, Mail, Post
from ninethirty.desk.outside.smtp import Account, Server
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Delivery, FactRow, Message, Release, Series, Subscription
from ninethirty.desk.record.sightings import store
from ninethirty.desk.setup import setup
from ninethirty.desk.subscribers_command import subscribers
from ninethirty.standin.imap import Imap, listening
from tests.core.made import RIGHT, at
from tests.desk.mailbox import Mailbox, mailbox
from tests.desk.setting import (
    HEAD,
    RELEASE,
    STATISTICIAN,
    TOKEN,
    Desk,
    kinds,
    looks,
    watched,
    work_here,
)
from tests.desk.test_by_hand import lacking
from tests.desk.test_runner import done, rounds, runner, show

TOPIC = "/series/gdp"
ME, RUNNER = "me@reader.example", "runner-x"


@pytest.fixture
def box(desk: Desk) -> Iterator[Mailbox]:
    with mailbox() as box:
        told(desk, box.port)
        yield box


def told(desk: Desk, port: int, inbox: int = 0) -> None:
    desk.more = (
        f'[services.subscribers]\nurl = "smtp://127.0.0.1:{port}"\n'
        f'sender = "news@producer.example"\n'
    )
    if inbox:
        # Without a user on smtp:// no password is sent; the stand-in mailbox wants both.
        desk.more += f'inbox = "imap://127.0.0.1:{inbox}"\naccount = "news"\ntoken = "right"\n'
    desk.told()
    if not Series.objects.exists():
        watched()
        Release.objects.filter(id=RELEASE).update(series="gdp")
        Series.objects.create(id="gdp", producer="office", title="GDP")


def sends(sent: Sent, words: str, about: str = TOPIC, *, late: bool = False) -> None:
    """As a gate hands it in, and the desk takes it."""
    now = setup().clock().now()
    body = letter.write(Letter(about, words, now, sent, late))
    setup().shelf().put_letter(f"gate-{now:%H%M%S%f}-{words[:8]}-{sent}", body)
    take_letters(by=RUNNER)


def mailed(box: Mailbox) -> list[EmailMessage]:
    """What came since this was last asked."""
    mail_out({RUNNER}, by=RUNNER)
    came, box.taken[:] = list(box.taken), []
    return came


def links(mail: EmailMessage) -> dict[Sent, str]:
    paths = re.findall(r"(/subscription/\S+)", mail.get_content())
    return dict(link for path in paths if (link := read_link(path)))


def confirmed(address: str = ME, topic: str = TOPIC, *, late: bool = False) -> Subscription:
    now = setup().clock().now()
    return Subscription.objects.create(
        ref=os.urandom(16).hex(), address=address, topic=topic, late=late, asked=now, confirmed=now
    )


def tells(about: str = "published") -> list[Happened]:
    work = Work(Release.objects.get(id=RELEASE), [], "key", 1, Verdict(Call.ON_TIME, at(60)))
    return tell_subscribers(work, about)


def test_whoever_confirms_is_told_and_whoever_leaves_is_not(desk: Desk, box: Mailbox) -> None:
    sends(Sent.SUBSCRIBE, ME)
    [asked] = mailed(box)
    assert asked["Subject"] == "Do you want to be told about GDP?"
    assert "producer.example" in asked["Message-ID"]
    assert tells()[0].details["sent"] == 0  # nobody confirmed
    Message.objects.filter(about="published").delete()
    sends(Sent.CONFIRM, links(asked)[Sent.CONFIRM])
    with pytest.raises(NotYet, match="0 of 1 mailed"):
        tells()
    [mail] = mailed(box)
    assert mail["To"] == ME
    assert mail["Subject"] == "Published: Gross domestic product"
    assert "http://platform.example/gdp" in mail.get_content()
    [happened] = tells()
    assert happened.kind is Kind.SUBSCRIBERS_TOLD
    assert (happened.details["sent"], happened.details["unknown"]) == (1, 0)
    sends(Sent.LEAVE, links(mail)[Sent.LEAVE])
    assert not Subscription.objects.exists()
    assert ME not in str(list(FactRow.objects.values()))


def test_of_a_release_on_time_people_are_told_once_a_witness_saw_it_public(
    desk: Desk, box: Mailbox
) -> None:
    confirmed()

    with runner(desk) as one:
        show(desk, 30)  # T is past, and nobody has looked
        one.round()
        assert facts_of(RELEASE) == []
        store([*looks(1, 29, RIGHT), *looks(1, 29, RIGHT, on=ALTERNATE)])
        rounds(one, until=lambda: "look_open" in done(), seconds=60)
        assert box.taken == []  # people have a minute to stop what is public
        show(desk, 91)
        rounds(one, until=lambda: len(box.taken) == 1, seconds=60)
        show(desk, 300)
        rounds(one, until=lambda: "tell_subscribers" in done(), seconds=60)
    order = kinds(facts_of(RELEASE))
    assert order.index(Kind.ON_TIME) < order.index(Kind.CHECKED)
    assert order.index(Kind.CHECKED) < order.index(Kind.SUBSCRIBERS_TOLD)
    assert [mail["Subject"] for mail in box.taken] == ["Published: Gross domestic product"]


def test_a_mail_server_that_does_not_let_us_in_is_found_before_the_day(
    desk: Desk, box: Mailbox
) -> None:
    def said() -> str:
        return lacking(lambda it: check_ready(it, "ready"))

    assert "subscribers" not in said()
    settings = desk.more
    desk.more = settings + f'account = "news"\ntoken = "{TOKEN}"\n'  # and no encryption is offered
    desk.told()
    assert "subscribers does not let us in" in said()
    desk.more = settings + 'inbox = "imap://127.0.0.1:1"\n'
    desk.told()
    assert "subscribers does not answer" in said()
    check_mailing(setup())
    desk.more = settings + 'inbox = "https://mail.example"\n'
    desk.told()
    with pytest.raises(CannotStart, match=r"services\.subscribers: https://mail\.example"):
        check_mailing(setup())


def test_a_mail_can_be_left_with_one_click_and_starts_no_holiday_answer(
    desk: Desk, box: Mailbox
) -> None:
    confirmed()
    with pytest.raises(NotYet):
        tells()
    [mail] = mailed(box)
    address = mail["List-Unsubscribe"].strip("<>").removeprefix(setup().site)
    assert read_link(address) == (Sent.LEAVE, links(mail)[Sent.LEAVE])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "list"
    assert mail["List-Id"] == "<release.gdp.producer.example>"


def test_a_stranger_who_types_an_address_brings_it_one_mail_a_day(desk: Desk, box: Mailbox) -> None:
    for _ in range(5):
        sends(Sent.SUBSCRIBE, ME)
        desk.show(setup().clock().now() + timedelta(minutes=1))
    assert len(mailed(box)) == 1
    desk.show(setup().clock().now() + timedelta(days=1))
    sends(Sent.SUBSCRIBE, ME)
    assert len(mailed(box)) == 1


def test_a_link_of_somebody_elses_making_does_nothing(desk: Desk, box: Mailbox) -> None:
    row = confirmed()
    for act in (Sent.LEAVE, Sent.ERASE, Sent.CONFIRM):
        sends(act, row.ref)
    sends(Sent.SUBSCRIBE, ME, "/series/none")
    sends(Sent.SUBSCRIBE, "no address")
    assert Subscription.objects.get() == row
    assert mailed(box) == []


def test_whoever_asks_to_be_erased_is_gone_with_all_they_asked_for(
    desk: Desk, box: Mailbox
) -> None:
    confirmed()
    confirmed(topic="/producers/office")
    with pytest.raises(NotYet):
        tells()
    [mail] = mailed(box)  # one, for both
    sends(Sent.ERASE, links(mail)[Sent.ERASE])
    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()


def test_only_those_who_asked_for_it_are_told_of_lateness(desk: Desk, box: Mailbox) -> None:
    confirmed()
    confirmed("late@reader.example", late=True)
    with pytest.raises(NotYet):
        tells("late")
    [mail] = mailed(box)
    assert mail["To"] == "late@reader.example"
    assert "http://statistics.example/gdp" in mail.get_content()


def test_an_address_that_does_not_exist_is_written_to_no_more(desk: Desk, box: Mailbox) -> None:
    confirmed()
    box.refused = {ME}
    with pytest.raises(NotYet):
        tells()
    assert mailed(box) == []
    assert tells()[0].details["refused"] == 1
    assert Subscription.objects.get().why == "bounced"
    desk.show(setup().clock().now() + timedelta(days=31))
    work_here()
    facts = erase_past(by=HEAD)
    assert [fact.details["row"] for fact in facts] == ["subscription"]
    assert not Subscription.objects.exists()


def test_a_mail_not_taken_now_is_sent_later_and_once(desk: Desk, box: Mailbox) -> None:
    confirmed()
    box.moods = ["451 not now"]
    with pytest.raises(NotYet):
        tells()
    assert mailed(box) == []
    desk.show(setup().clock().now() + timedelta(minutes=2))
    assert len(mailed(box)) == 1
    assert mailed(box) == []


def test_what_was_cut_off_before_an_answer_is_sent_again_only_if_a_person_says_so(
    desk: Desk, box: Mailbox
) -> None:
    work_here()
    confirmed()
    box.moods = ["takes it, then hangs up"]
    with pytest.raises(NotYet):
        tells()
    assert len(mailed(box)) == 1
    assert mailed(box) == []
    assert tells()[0].details["unknown"] == 1
    listed = CliRunner().invoke(subscribers, ["unknown", "--home", str(desk.home)])
    assert ME in listed.output
    message = Message.objects.get(about="published").id
    with pytest.raises(NotAllowed):
        send_unknown(message, by=STATISTICIAN)
    assert send_unknown(message, by=HEAD) == 1
    assert len(mailed(box)) == 1


def test_a_server_that_refuses_us_takes_nobody_off_the_list(desk: Desk, box: Mailbox) -> None:
    async def refuse(*_: object) -> str:
        return "550 we do not know you"

    confirmed()
    box.handle_MAIL = refuse  # type: ignore[attr-defined]
    with pytest.raises(NotYet):
        tells()
    with pytest.raises(OutsideFailed):
        mail_out({RUNNER}, by=RUNNER)
    assert Subscription.objects.get().stopped is None
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize("holder", ["runner-dead", RUNNER])
def test_of_what_was_taken_and_never_saved_what_was_begun_is_unknown_and_the_rest_is_sent(
    desk: Desk, box: Mailbox, holder: str
) -> None:
    for n in range(3):
        confirmed(f"{n}@reader.example")
    with pytest.raises(NotYet):
        tells()
    begun, ended, _ = Delivery.objects.order_by("id").values_list("id", flat=True)
    Delivery.objects.update(state="taken", holder=holder)
    journal = Journal(desk.home / "mailing" / holder)
    journal.note("begun", begun)
    journal.note("begun", ended)
    journal.note("sent", ended)
    journal.close()
    assert [mail["To"] for mail in mailed(box)] == ["2@reader.example"]
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"sent": 2, "unknown": 1}


class FullDisk(Journal):
    """Has room for what is begun, and for nothing more."""

    def note(self, word: str, id: int) -> None:
        if word != "begun":
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        super().note(word, id)


def test_what_was_mailed_is_known_to_be_also_where_the_journals_disk_is_full(
    desk: Desk, box: Mailbox
) -> None:
    post = Post(Account(Server.parse(box.url)), "news@producer.example", FullDisk(desk.home / "j"))
    came: dict[int, str] = {}
    post.hand_in([Mail(n, f"{n}@reader.example", b"\r\nA word.\r\n") for n in range(3)], came)
    assert came == dict.fromkeys(range(3), Came.SENT)
    assert len(box.taken) == 3


def test_of_a_runner_whose_journal_is_lost_all_is_unknown_and_of_one_alive_nothing_is_touched(
    desk: Desk, box: Mailbox
) -> None:
    confirmed()
    with pytest.raises(NotYet):
        tells()
    Delivery.objects.update(state="taken", holder="runner-elsewhere")
    assert mail_out({RUNNER, "runner-elsewhere"}, by=RUNNER) == 0
    assert Delivery.objects.get().state == "taken"
    mail_out({RUNNER}, by=RUNNER)
    assert Delivery.objects.get().state == "unknown"
    assert box.taken == []


COMPLAINT = """MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
--b
Content-Type: message/rfc822

{0}
--b--
"""
BOUNCE = """MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {1}
Action: {2}
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

{0}
--b--
"""


@pytest.mark.parametrize(
    ("report", "action", "why"),
    [(COMPLAINT, "", "complained"), (BOUNCE, "failed", "bounced"), (BOUNCE, "delayed", "")],
)
def test_what_comes_back_stops_the_mail_of_those_whose_link_it_holds(
    desk: Desk, box: Mailbox, report: str, action: str, why: str
) -> None:
    me, other = confirmed(), confirmed("other@reader.example")
    with pytest.raises(NotYet):
        tells()
    [mail] = [mail for mail in mailed(box) if mail["To"] == ME]
    head = f"To: {mail['To']}\nList-Unsubscribe: {mail['List-Unsubscribe']}"
    mails = Imap("news", "right")
    with listening(mails) as port:
        told(desk, box.port, port)
        mails.mails += [b"Subject: on holiday\r\n\r\nBack on Monday.\r\n"]
        mails.mails += [report.format(head, other.address, action).encode()]
        assert take_returned(by=RUNNER) == (1 if why else 0)
        assert take_returned(by=RUNNER) == 0
    me.refresh_from_db()
    other.refresh_from_db()
    assert (me.why, other.why) == (why, "")
    if why == "complained":
        sends(Sent.SUBSCRIBE, ME)
        assert Message.objects.filter(about="confirm").count() == 0


def test_a_sender_that_is_killed_mails_nobody_twice(desk: Desk, tmp_path: Path) -> None:
    if desk.database:
        return  # what is killed is the same
    noted = tmp_path / "noted"
    sink = [sys.executable, "-m", "bench.sink", str(noted)]
    with subprocess.Popen(sink, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            told(desk, int(running.stdout.readline()))
            for n in range(1500):
                confirmed(f"{n}@reader.example")
            with pytest.raises(NotYet):
                tells()
            dies = [sys.executable, "-m", "bench.mailing", str(desk.home), "runner-dies"]
            with subprocess.Popen(dies) as sender:
                while not noted.exists() or noted.read_bytes().count(b"\n") < 200:
                    assert sender.poll() is None
                sender.send_signal(signal.SIGKILL)
            mail_out({RUNNER}, by=RUNNER)
        finally:
            running.kill()
    times = Counter(noted.read_text().split())
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(times.values()) == {1}
    assert states["unknown"] <= CONNECTIONS
    assert states["sent"] + states["unknown"] == 1500
    assert len(times) >= states["sent"]
