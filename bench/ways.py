"""Every way to the outside that faults are tried on, each with a stand-in on loopback."""

import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from shutil import which
from unittest.mock import patch

import obstore
import requests
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from bench.faults import Way
from ninethirty.core.errors import NotYet
from ninethirty.core.escalation import Page, step_of
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import Step
from ninethirty.core.schedule import Content
from ninethirty.core.seal import PAGE, File, Manifest, media_type
from ninethirty.core.times import WallTime
from ninethirty.desk.actions import ask_platform
from ninethirty.desk.actions.ask_platform import hear, raise_ticket, update_ticket
from ninethirty.desk.actions.copy_out import open_copy, stage_copy
from ninethirty.desk.actions.mail_out import mail_out
from ninethirty.desk.actions.page_person import page_person
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_subscribers import tell_subscribers
from ninethirty.desk.actions.tell_users import tell_late
from ninethirty.desk.outside.tickets import mail
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.runner.book import STEPS
from ninethirty.desk.setup import setup
from ninethirty.standin import notify, twilio
from ninethirty.standin.github import REPOSITORY
from tests.core.made import at
from tests.desk.mailbox import mailbox
from tests.desk.services import Moody, service
from tests.desk.setting import TOKEN, happens
from tests.desk.test_pagers import NOTIFY_KEY, ON_CALL
from tests.desk.test_tickets import by_mail
from tests.gate.made import a_port

MOODS = (
    (),
    ("acts, then fails",),
    ("acts, then talks nonsense",),
    (429,),
    (401,),
    ("says nothing",),
    ("acts, then says nothing",),
)
MAIL_MOODS = ((), ("takes it, then hangs up",))
_INCIDENT = re.compile(r"incident-\d+e")
_TRUTH = re.compile(r'"what": ?"(post|page|published|heard|hook|ticket)"')

Seen = Callable[[], Counter[str]]


def ways(folder: Path, stack: ExitStack) -> list[Way]:
    return [
        *copies(folder, stack),
        *notices(folder, stack),
        *tickets(folder, stack),
        *pagers(folder, stack),
    ]


def notices(folder: Path, stack: ExitStack) -> list[Way]:
    found = []
    for name in ("x", "linkedin", "mastodon", "bluesky", "news", "webhook"):
        one = _standing(name, folder / "notices", stack)
        found.append(replace(_notice(name, "", one), services={name: one.url}))
    for name in ("slack", "teams"):
        one = _standing(name, folder / "notices", stack)
        found.append(_notice(name, f'url = "a room"\ntoken = "{one.url}/{TOKEN}"', one))
    hook = _standing("webhook", folder / "apprise", stack)
    address = hook.url.replace("http://", "json://")
    found.append(_notice("apprise", f'url = "a hook"\ntoken = "{address}/"', hook))
    place = folder / "pages"
    place.mkdir()
    plain = f'url = "http://news.example"\nplace = "{place}"'
    files = partial(_named, lambda: [file.name for file in place.rglob("*.html")])
    found.append(_notice("folder", plain, None, files))
    found.append(_notice("feed", "", None, partial(_named, _in_feed)))
    box = stack.enter_context(mailbox())
    server = f'[services.subscribers]\nurl = "{box.url}"\nsender = "news@bench.example"\n'
    step = _now(replace(STEPS["tell_subscribers"], starts=Kind.LATE))
    to = partial(_named, lambda: [str(mail["To"]) for mail in box.taken])
    found.append(Way("e-mail", server, step, _mailing, to, moods=MAIL_MOODS, turns=box.moods))
    return found


def _notice(name: str, told: str, one: Moody | None, seen: Seen | None = None) -> Way:
    tables = f"[services.{name}]\n{told}\n" if told else ""
    step = _now(STEPS[f"tell_{name}"])
    action = partial(tell_late, channel=name)
    if one is None:
        assert seen
        return Way(name, tables, step, action, seen)
    # Apprise has a time-out of its own, which is too long to be waited for so often.
    moods = MOODS[:5] if name == "apprise" else MOODS
    return Way(name, tables, step, action, _log(one), moods=moods, turns=one.moods)


def _mailing(work: Work) -> list[Happened]:
    """As the runner's step and what it does aside, each time by a runner of another name."""
    try:
        return tell_subscribers(work, "published")
    except NotYet:
        mail_out((), by=f"runner-{token_hex(4)}")
    return tell_subscribers(work, "published")


def tickets(folder: Path, stack: ExitStack) -> list[Way]:
    step = _now(STEPS["raise_ticket"])
    found = []
    for name, kind, account in (
        ("helpdesk", "zendesk", ""),
        ("jira", "jira", "OPS:desk@office.example"),
        ("github", "github", REPOSITORY),
    ):
        one = _standing(name, folder / "tickets", stack)
        tables = (
            f'[services.helpdesk]\nkind = "{kind}"\nurl = "{one.url}"\naccount = "{account}"\n'
            f'token = "{TOKEN}"\n'
        )
        found.append(
            Way(f"ticket, {kind}", tables, step, _ticket, _log(one), moods=MOODS, turns=one.moods)
        )
    thread, box, answers = stack.enter_context(by_mail())
    # One who is killed in the middle of an answer from the mailbox waits for its end in vain.
    stack.enter_context(patch.object(mail, "TIMEOUT", 0.5))

    def subjects() -> list[str]:
        # A mail that came twice is one to whoever reads it: it has one id.
        return list({str(mail["Message-ID"]): str(mail["Subject"]) for mail in box.taken}.values())

    def by_thread(work: Work) -> list[Happened]:
        # On loopback the server offers no encryption, and desk.toml always has a password.
        with patch.object(ask_platform, "help_desk", lambda _: thread):
            happened = _ticket(work)
            answer = f"References: {work.release.ticket}\nFrom: support@platform.example\n\nYes."
            answers.mails[:] = [answer.encode()]
            hear(work.release)
        return happened

    seen = partial(_named, subjects)
    found.append(Way("ticket, mail", "", step, by_thread, seen, moods=MAIL_MOODS, turns=box.moods))
    return found


def _ticket(work: Work) -> list[Happened]:
    """Raised, heard and added to in one step, so that a fault can be at each."""
    happened = raise_ticket(work)
    hear(work.release)
    update_ticket(replace(work, effect_key=f"{work.effect_key}/update"))
    return happened


def pagers(folder: Path, stack: ExitStack) -> list[Way]:
    page = Page("late", "lead", 1, at(61))
    step = _now(step_of(page))
    action = partial(page_person, page=page, about="late")
    found = []
    for kind, told in (
        ("pagerduty", f'token = "{TOKEN}"'),
        ("webhook", f'token = "{TOKEN}"'),
        ("sms", f'user = "{twilio.SID}"\ntoken = "{TOKEN}"\nsender = "+44163296"'),
        ("voice", f'user = "{twilio.SID}"\ntoken = "{TOKEN}"\nsender = "+44163296"'),
        ("notify", f'token = "{NOTIFY_KEY}"\ntemplate = "{notify.TEMPLATE}"'),
    ):
        one = _standing(kind, folder / "pagers", stack)
        tables = f'[[pagers]]\nkind = "{kind}"\nurl = "{one.url}"\nto = "{ON_CALL}"\n{told}\n'
        found.append(Way(f"page, {kind}", tables, step, action, _log(one), False, MOODS, one.moods))
    box = stack.enter_context(mailbox())
    tables = f'[[pagers]]\nkind = "mail"\nurl = "{box.url}"\nsender = "desk@bench.example"\n'
    tables += 'to = "lead@bench.example"\n'
    seen = partial(_named, lambda: [str(mail["Subject"]) for mail in box.taken])
    found.append(Way("page, mail", tables, step, action, seen, False, MAIL_MOODS, box.moods))
    return found


def copies(folder: Path, stack: ExitStack) -> list[Way]:
    """A copy takes the place of another, so all that can go wrong is that it is not there."""
    place = folder / "copies"
    place.mkdir()
    shelf = f'[[copies]]\nkind = "folder"\nplace = "{place}"\n'
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    moto = ThreadedMotoServer("127.0.0.1", a_port(), verbose=False)
    moto.start()
    stack.callback(moto.stop)
    host, port = moto.get_host_and_port()
    url = f"http://{host}:{port}"
    requests.put(f"{url}/copies", timeout=5).raise_for_status()
    bucket = f'[[copies]]\nkind = "s3"\nplace = "copies"\nurl = "{url}"\naccount = "id"\n'
    bucket += f'token = "{TOKEN}"\n'
    store = S3Store(
        "copies",
        endpoint=url,
        region="us-east-1",
        access_key_id="id",
        secret_access_key=TOKEN,
        client_options={"allow_http": True},
    )

    def in_bucket() -> list[str]:
        names = [one["path"] for chunk in obstore.list(store) for one in chunk]
        return [name for name in names if name.endswith(PAGE) and _INCIDENT.match(name)]

    def in_folder() -> list[str]:
        return [str(file.relative_to(place)) for file in place.glob(f"incident-*/{PAGE}")]

    step = _now(replace(STEPS["open_copy_0"], starts=Kind.LATE))
    return [
        Way("copy, folder", shelf, step, _copying, partial(_named, in_folder), False),
        Way("copy, s3", bucket, step, _copying, partial(_named, in_bucket), False),
        *_by_rsync(folder, stack, step),
    ]


def _by_rsync(folder: Path, stack: ExitStack, step: Step) -> list[Way]:
    """With a stand-in for ssh that obeys here. None where there is no rsync."""
    if which("rsync") is None:
        return []
    place, programs = folder / "there", folder / "programs"
    place.mkdir()
    programs.mkdir()
    ssh = programs / "ssh"
    ssh.write_text('#!/bin/sh\nwhile [ "$1" = -o ]; do shift 2; done\nshift\nexec sh -c "$*"\n')
    ssh.chmod(0o700)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    stack.enter_context(patch.dict(os.environ, {"PATH": path}))
    told = f'[[copies]]\nkind = "rsync"\nplace = "www.example:{place}"\n'

    def there() -> list[str]:
        return [str(file.relative_to(place)) for file in place.glob(f"incident-*/{PAGE}")]

    return [Way("copy, rsync", told, step, _copying, partial(_named, there), False)]


def _copying(work: Work) -> list[Happened]:
    """Staged and opened in one step, so that a fault can be at each."""
    release = work.release
    if release.manifest is None:
        shelf = setup().shelf()
        content = {"data.csv": b"quarter,growth\n", PAGE: b"<main><h1>GDP</h1></main>"}
        files = tuple(
            File(name, shelf.put(words), len(words), media_type(name))
            for name, words in content.items()
        )
        release.manifest = Manifest(
            release.id,
            release.title,
            WallTime.parse(release.opens),
            release.path,
            release.announced,
            files,
        ).document()
        release.save()
        for kind in (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
            happens(kind, at(-3600), subject=release.id)
    armed = replace(work, facts=facts_of(release.id))
    if work.attempt == 1:
        with suppress(NotYet):
            stage_copy(armed, 0)
    return open_copy(armed, 0)


def _standing(name: str, folder: Path, stack: ExitStack) -> Moody:
    folder.mkdir(exist_ok=True)
    return stack.enter_context(service(name, folder))


def _now(step: Step) -> Step:
    return replace(step, needs=(), deadline=None, again=timedelta(0), attempts=5)


def _log(one: Moody) -> Seen:
    return partial(_named, lambda: filter(_TRUTH.search, one.log.read_text().splitlines()))


def _in_feed() -> list[str]:
    shelf = setup().shelf()
    feeds = [opening.answer for opening in shelf.says("site/feed")]
    texts = [shelf.read(one.digest).decode() for one in feeds if isinstance(one, Content)]
    return [found for text in texts for found in re.findall("<id>.*?</id>", text)]


def _named(lines: Callable[[], Iterable[str]]) -> Counter[str]:
    return Counter(found[0] for line in lines() if (found := _INCIDENT.search(line)))
