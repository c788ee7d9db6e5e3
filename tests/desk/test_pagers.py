"""The contract of a pager, against every adapter; then what only one of them does."""

import datetime
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.webhook import HEADER, check
from ninethirty.desk.outside import web
from ninethirty.desk.outside.pagers.mail import Mail
from ninethirty.desk.outside.pagers.notify import Notify
from ninethirty.desk.outside.pagers.pagerduty import PagerDuty
from ninethirty.desk.outside.pagers.port import Alert, Pager
from ninethirty.desk.outside.pagers.printed import Printed
from ninethirty.desk.outside.pagers.routes import check_pagers, first_route, second_route
from ninethirty.desk.outside.pagers.twilio import Sms, Voice
from ninethirty.desk.outside.pagers.webhook import Webhook
from ninethirty.desk.outside.smtp import Account, Server
from ninethirty.desk.service import Service
from ninethirty.desk.setup import PagerSetting, Setup
from ninethirty.standin import notify, twilio
from tests.core.made import HALF_PAST
from tests.desk.mailbox import Mailbox, mailbox
from tests.desk.services import LATER_S, Moody, service
from tests.desk.setting import TOKEN
from tests.standin.drill import Hands

LATE = Alert("gdp/2026-q3: late, confirmed", "gdp/2026-q3/late", "https://desk.example/gdp/2026-q3")
CLOCK = Hands(HALF_PAST)

ON_CALL = "+441632960001"
NOTIFY_KEY = f"desk-{notify.SERVICE}-{notify.SIGNED_WITH}"

OVER_HTTP: dict[str, Callable[[Service], Pager]] = {
    "pagerduty": PagerDuty,
    "webhook": lambda service: Webhook(service, CLOCK),
    "sms": lambda service: Sms(
        service.url, twilio.SID, service.token, sender="+441632960000", to=(ON_CALL,)
    ),
    "voice": lambda service: Voice(
        service.url, twilio.SID, service.token, sender="+441632960000", to=(ON_CALL,)
    ),
    "notify": lambda service: Notify(
        service.url, NOTIFY_KEY, CLOCK, template=notify.TEMPLATE, to=(ON_CALL,)
    ),
}


@contextmanager
def over_http(name: str, folder: Path) -> Iterator[tuple[Pager, Moody]]:
    with service(name, folder) as moody:
        yield OVER_HTTP[name](moody.service), moody


def mail(box: Mailbox, **changed: Any) -> Mail:
    told: dict[str, Any] = {"sender": "watch@office.example", "to": ("lead@office.example",)}
    told |= changed
    account = Account(Server.parse(box.url), told.pop("user", ""), told.pop("password", ""))
    return Mail(account, clock=CLOCK, **told)


@pytest.mark.parametrize("name", OVER_HTTP)
def test_the_reason_arrives(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (pager, moody):
        pager.page(LATE)
    [truth] = moody.truth()
    assert LATE.reason in truth["text"]
    if name not in ("sms", "voice"):
        assert truth["id"] == LATE.key
    if name not in ("pagerduty", "webhook"):
        assert truth["to"] == ON_CALL


@pytest.mark.parametrize("name", ["sms", "voice", "notify"])
def test_a_way_that_still_works_passes_its_check_and_rings_nobody(
    name: str, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (pager, moody):
        assert isinstance(pager, Sms | Voice | Notify)
        pager.check()
        moody.reads = [403]
        with pytest.raises(OutsideFailed, match="answered 403"):
            pager.check()
    assert moody.truth() == []


def test_notify_is_not_let_in_with_another_key(tmp_path: Path) -> None:
    with service("notify", tmp_path) as moody:
        pager = Notify(moody.url, f"{NOTIFY_KEY[:-1]}4", CLOCK, template=notify.TEMPLATE, to=())
        with pytest.raises(OutsideFailed, match="answered 403"):
            pager.check()


def test_a_voice_says_it_three_times_and_no_markup_of_ours(tmp_path: Path) -> None:
    with over_http("voice", tmp_path) as (pager, moody):
        pager.page(replace(LATE, reason="<late> & gone"))
    [truth] = moody.truth()
    assert '<Say loop="3" language="en-GB">&lt;late&gt; &amp; gone</Say>' in truth["text"]


def test_a_text_message_is_cut_before_its_link_is(tmp_path: Path) -> None:
    with over_http("sms", tmp_path) as (pager, moody):
        pager.page(replace(LATE, reason="long " * 500))
    [truth] = moody.truth()
    assert truth["text"].endswith(LATE.link)
    assert len(truth["text"]) <= 320


@pytest.mark.parametrize("name", OVER_HTTP)
@pytest.mark.parametrize(
    ("mood", "retry"), [(429, True), (503, True), (400, False), (403, False), (302, False)]
)
def test_what_a_refusal_means_for_another_try(
    name: str, mood: int, retry: bool, tmp_path: Path
) -> None:
    with over_http(name, tmp_path) as (pager, moody):
        moody.moods = [mood]
        with pytest.raises(OutsideFailed, match=f"answered {mood}") as failed:
            pager.page(LATE)
        assert failed.value.retry is retry
        assert failed.value.wait_s == (LATER_S if mood == 429 else 0)
    assert moody.truth() == []


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_pager_that_says_nothing_may_have_rung(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))
    with over_http(name, tmp_path) as (pager, moody):
        moody.moods = ["acts, then says nothing"]
        with pytest.raises(OutsideFailed, match="no answer in time") as failed:
            pager.page(LATE)
    assert failed.value.retry
    assert failed.value.happened_perhaps


@pytest.mark.parametrize("name", OVER_HTTP)
def test_the_secret_is_in_no_error(name: str, tmp_path: Path) -> None:
    with over_http(name, tmp_path) as (_, moody):
        moody.moods = [401]
        with pytest.raises(OutsideFailed) as failed:
            OVER_HTTP[name](Service(moody.url, "a-revoked-secret")).page(LATE)
    assert "a-revoked-secret" not in str(failed.value)


def test_paging_twice_for_one_cause_is_one_alert_at_pagerduty(tmp_path: Path) -> None:
    with over_http("pagerduty", tmp_path) as (pager, moody):
        pager.page(LATE)
        pager.page(LATE)
        pager.page(replace(LATE, key="gdp/2026-q3/wrong"))
    assert [line["id"] for line in moody.truth()] == [LATE.key, "gdp/2026-q3/wrong"]
    assert [line["id"] for line in moody.truth("repeat")] == [LATE.key]


def test_a_reason_longer_than_pagerduty_takes_is_cut_rather_than_lost(tmp_path: Path) -> None:
    with over_http("pagerduty", tmp_path) as (pager, moody):
        pager.page(Alert("long " * 500, "k" * 300))
    [truth] = moody.truth()
    assert len(truth["text"]) == 1024
    assert len(truth["id"]) == 255


def test_whoever_holds_the_secret_of_a_webhook_can_tell_that_it_is_ours(tmp_path: Path) -> None:
    with over_http("webhook", tmp_path) as (pager, moody):
        pager.page(LATE)
    [truth] = moody.truth()
    check(TOKEN, truth["headers"][HEADER.lower()], truth["body"].encode(), HALF_PAST)
    assert TOKEN not in str(truth)


def test_a_mail_says_why_in_its_subject_and_where_to_look() -> None:
    with mailbox() as box:
        mail(box, to=("lead@office.example", "deputy@office.example")).page(LATE)
    [taken] = box.taken
    assert taken["Subject"] == LATE.reason
    assert taken["To"] == "lead@office.example, deputy@office.example"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert LATE.link in taken.get_content()


def test_two_mails_for_one_cause_carry_one_message_id() -> None:
    with mailbox() as box:
        pager = mail(box)
        pager.page(LATE)
        pager.page(LATE)
        pager.page(replace(LATE, key="another"))
    first, again, other = (taken["Message-ID"] for taken in box.taken)
    assert first == again != other
    assert first.endswith("@office.example>")


@pytest.mark.parametrize(
    ("mood", "retry", "perhaps"),
    [
        ("451 try later", True, False),
        ("554 we do not like you", False, False),
        ("hangs up", True, True),
        ("takes it, then hangs up", True, True),
    ],
)
def test_what_a_mail_server_says_decides_about_another_try(
    mood: str, retry: bool, perhaps: bool
) -> None:
    with mailbox() as box:
        box.moods = [mood]
        pager = mail(box)
        with pytest.raises(OutsideFailed) as failed:
            pager.page(LATE)
        assert (failed.value.retry, failed.value.happened_perhaps) == (retry, perhaps)
        pager.page(LATE)
    assert LATE.reason in [taken["Subject"] for taken in box.taken]


def test_nobody_reached_is_told_apart_from_some_reached() -> None:
    with mailbox() as box:
        box.refused = {"gone@office.example"}
        with pytest.raises(OutsideFailed, match="for none of 1") as nobody:
            mail(box, to=("gone@office.example",)).page(LATE)
        with pytest.raises(OutsideFailed, match="refused 1 of 2") as some:
            mail(box, to=("gone@office.example", "lead@office.example")).page(LATE)
    assert not nobody.value.happened_perhaps
    assert some.value.happened_perhaps
    assert "gone@office.example" not in str(nobody.value) + str(some.value)


def test_a_mail_server_that_is_not_there_may_be_asked_again() -> None:
    gone = Mail(
        Account(Server("127.0.0.1", 1, False)),
        sender="a@b.example",
        to=("c@d.example",),
        clock=CLOCK,
    )
    with pytest.raises(OutsideFailed) as failed:
        gone.page(LATE)
    assert failed.value.retry


def test_a_password_is_never_sent_in_clear() -> None:
    with mailbox(auth_require_tls=False) as box:
        with pytest.raises(OutsideFailed, match="offers no encryption"):
            mail(box, user="desk", password="right").page(LATE)
        assert box.logins == []


def test_a_password_is_sent_once_the_server_has_turned_encryption_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mailbox(tls_context=inside, auth_required=True) as box:
        mail(box, user="desk", password="right").page(LATE)
        assert box.logins == [(b"desk", b"right")]
        with pytest.raises(OutsideFailed, match="answered 535") as failed:
            mail(box, user="desk", password="wrong").page(LATE)
    assert not failed.value.retry
    assert "wrong" not in str(failed.value)
    assert len(box.taken) == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    inside, _ = certificate(tmp_path)
    with (
        mailbox(tls_context=inside, auth_required=True) as box,
        pytest.raises(OutsideFailed, match="SSLCertVerificationError"),
    ):
        mail(box, user="desk", password="right").page(LATE)
    assert box.logins == []


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example:25", "smtp://mail.example", "smtp://:25", "smtp://m:x"],
)
def test_an_address_that_is_no_mail_server_is_named_at_the_start(url: str) -> None:
    with pytest.raises(CannotStart, match="expected smtp://HOST:PORT"):
        Server.parse(url)


def test_mail_servers_are_told_by_their_address() -> None:
    assert Server.parse("smtps://mail.example:465") == Server("mail.example", 465, True)
    assert Server.parse("smtp://mail.example:587") == Server("mail.example", 587, False)


def told(*pagers: PagerSetting) -> Setup:
    return Setup(Path("/nowhere"), "http://stats.example", "The office", pagers=pagers)


def test_the_pager_named_first_is_used_and_the_last_for_what_is_stuck() -> None:
    with mailbox() as box:
        by_mail = PagerSetting(
            "mail", box.url, sender="desk@office.example", to="lead@office.example, b@c.example"
        )
        duty = PagerSetting("pagerduty", "http://127.0.0.1:1", token="t")
        first_route(told(by_mail, duty)).page(LATE)
        second_route(told(duty, by_mail)).page(LATE)
        assert isinstance(second_route(told(by_mail, duty)), PagerDuty)
        assert isinstance(second_route(told(duty)), PagerDuty)
    assert [taken["To"] for taken in box.taken] == ["lead@office.example, b@c.example"] * 2


def test_without_any_pager_both_ways_are_the_log() -> None:
    assert isinstance(first_route(told()), Printed)
    assert isinstance(second_route(told()), Printed)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (PagerSetting("carrier pigeon", "http://a.example"), "found 'carrier pigeon'"),
        (PagerSetting("mail", "smtp://a.example:25", to="b@c.example"), "needs sender"),
        (PagerSetting("mail", "smtp://a.example:25", sender="b@c.example", to=" ,"), "needs to"),
        (PagerSetting("mail", "a.example", sender="b@c.example", to="d@e.example"), "smtp://HOST"),
    ],
)
def test_a_pager_that_cannot_work_stops_the_start(wrong: PagerSetting, why: str) -> None:
    check_pagers(told(PagerSetting("webhook", "https://a.example", token="t")))
    with pytest.raises(CannotStart, match=why):
        check_pagers(told(wrong))


def test_without_a_pager_the_log_has_it() -> None:
    with capture_logs() as lines:
        Printed().page(LATE)
    assert [(line["log_level"], line["reason"]) for line in lines] == [("warning", LATE.reason)]


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What the server shows, and the file by which a client may trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = datetime.timedelta(days=1)
    since = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + 20000 * day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    trusted = folder / "trusted.pem"
    trusted.write_bytes(made.public_bytes(Encoding.PEM))
    secret = folder / "key.pem"
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return context, trusted
