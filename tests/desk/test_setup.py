from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.retention import DAYS, Kept
from ninethirty.core.rota import Shift
from ninethirty.core.times import Instant
from ninethirty.core.watch import Policy
from ninethirty.desk.outside.notices.channels import PRINTED, adapter, check_channels, in_use
from ninethirty.desk.outside.notices.printed import Printed
from ninethirty.desk.outside.pagers.routes import check_pagers
from ninethirty.desk.outside.tickets.desks import help_desk
from ninethirty.desk.service import HELP_DESKS, NOTICES, Service
from ninethirty.desk.setup import HOME, Contact, Witness, setup
from ninethirty.desk.watching import Watching
from tests.desk.setting import Desk

pytestmark = pytest.mark.parametrize("database", ["sqlite"])

GOOD = 'site = "http://statistics.example/"\nproducer = "The office"\n'
SHIFT = (
    '[[on_call]]\nwho = "a"\ndeputy = "b"\n'
    "since = 2026-12-01T08:00:00Z\nuntil = 2026-12-08T08:00:00Z\n"
)


def told(desk: Desk, toml: str) -> None:
    (desk.home / "desk.toml").write_text(toml)
    (desk.home / "desk.toml").chmod(0o600)
    setup.cache_clear()


def test_settings_are_read_from_the_home_folder(desk: Desk) -> None:
    told(
        desk,
        GOOD
        + 'contact = {name = "The team"}\n'
        + '[services.x]\nurl = "http://x.example"\ntoken = "t"\n'
        + '[[witnesses]]\nname = "a"\nnetwork = "north"\ntoken = "w"\n',
    )
    read = setup()
    assert (read.site, read.producer) == ("http://statistics.example", "The office")
    assert read.contact == Contact(name="The team")
    assert read.services == {"x": Service("http://x.example", "t")}
    assert read.witnesses == (Witness("a", "north", "w"),)
    assert read.drill is None
    assert not read.clock().drill
    assert read.file == desk.home / "desk.sqlite3"


def test_who_is_on_call_is_read_with_their_deputy(desk: Desk) -> None:
    told(desk, GOOD + SHIFT)
    since, until = (Instant.parse(f"2026-12-0{day}T08:00:00Z") for day in (1, 8))
    assert setup().on_call == (Shift("a", since, until, "b"),)


def test_a_producer_has_its_own_retention_schedule(desk: Desk) -> None:
    told(desk, GOOD + "retention = {message = 30}\n")
    assert setup().retention == {**DAYS, Kept.MESSAGE: 30}


def test_one_witness_may_be_all_there_is(desk: Desk) -> None:
    told(desk, GOOD + "watch = {witnesses = 1, provisional_after_seconds = 30}\n")
    watch = setup().watch
    assert watch.policy == Policy(timedelta(seconds=30), witnesses=1, agree=1, networks=1)
    assert not watch.one_witness_acts
    told(desk, GOOD)
    assert setup().watch == Watching()


def test_without_a_word_on_it_the_record_is_a_file_in_the_home_folder(desk: Desk) -> None:
    told(desk, GOOD)
    assert setup().django_database()["NAME"] == desk.home / "desk.sqlite3"


def test_a_database_may_be_reached_by_address_or_by_a_socket_folder(desk: Desk) -> None:
    told(
        desk, GOOD + 'database = "postgresql://us:secret@db.example:5433/record?sslmode=require"\n'
    )
    read = setup().django_database()
    assert {name: read[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")} == {
        "NAME": "record",
        "HOST": "db.example",
        "PORT": "5433",
        "USER": "us",
        "PASSWORD": "secret",
    }
    assert read["OPTIONS"]["sslmode"] == "require"
    told(desk, GOOD + 'database = "postgresql://us@/record?host=/run/postgresql"\n')
    read = setup().django_database()
    assert (read["HOST"], read["NAME"]) == ("/run/postgresql", "record")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("postgresql://us@host", "no name in postgresql://user@host/name"),
        ("postgresql://us@host/record?colour=red", "colour"),
    ],
)
def test_an_address_that_is_no_database_stops_the_start(
    desk: Desk, address: str, named: str
) -> None:
    told(desk, GOOD + f'database = "{address}"\n')
    with pytest.raises(CannotStart, match=f"database: .*{named}"):
        setup().django_database()


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('producer = "p"', "site is missing"),
        ('site = "s"', "producer is missing"),
        ('site = 1\nproducer = "p"', "site is missing, or is not a text"),
        ('site = ""\nproducer = "p"', "site is missing, or is not a text"),
        (GOOD + 'sight = "s"', "sight is not a setting; known: .*site"),
        (GOOD + 'home = "/"', "home is not a setting"),
        (GOOD + "site\n", "desk.toml: .*line 3"),
        (GOOD + 'contact = "us"', "contact is not a table"),
        (GOOD + 'contact = {phone = "1"}', "contact.phone is not a setting; known: .*telephone"),
        (GOOD + "contact = {telephone = 1632}", "contact.telephone is missing, or is not a text"),
        (GOOD + 'services = ["x"]', "services is not a table"),
        (GOOD + '[services.twitter]\nurl = "u"\ntoken = "t"', r"services.twitter is not a setting"),
        (GOOD + 'services = {x = "u"}', "services.x is not a table"),
        (GOOD + '[services.x]\nurl = "u"', "services.x.token is missing"),
        (GOOD + '[services.x]\nurl = 1\ntoken = "t"', "services.x.url is missing, or is not a"),
        (GOOD + '[services.linkedin]\nurl = "u"\ntoken = "t"', "services.linkedin.account is miss"),
        (
            GOOD + '[services.helpdesk]\nkind = "fax"',
            "services.helpdesk.kind: expected zendesk, jira",
        ),
        (GOOD + '[services.helpdesk]\nkind = "mail"', "services.helpdesk.url is missing"),
        (GOOD + "witnesses = 3", "witnesses is not a list"),
        (GOOD + "gates = 3", "gates is not a list"),
        (GOOD + "pagers = 3", "pagers is not a list"),
        (GOOD + '[[pagers]]\nkind = "mail"', r"pagers\[0\].url is missing"),
        (GOOD + '[[gates]]\nname = "north"', r"gates\[0\].public is missing"),
        (GOOD + '[[gates]]\nname = "../x"\npublic = "ab"', r"gates\[0\]: .*a gate's name is"),
        (GOOD + '[[gates]]\nname = "a"\npublic = "ab"', r"gates\[0\]: .*64 small hexadecimal"),
        (GOOD + 'witnesses = ["a"]', r"witnesses\[0\] is not a table"),
        (GOOD + '[[witnesses]]\nname = "a"\nnetwork = "n"', r"witnesses\[0\].token is missing"),
        # An empty token would let in whoever sends none.
        (
            GOOD + '[[witnesses]]\nname = "a"\nnetwork = "n"\ntoken = ""',
            r"witnesses\[0\].token is missing",
        ),
        (GOOD + '[words]\nlate = "Sorry."', r"words.late must say \{address\} once"),
        (GOOD + "on_call = 3", "on_call is not a list"),
        (GOOD + "on_call = [3]", r"on_call\[0\] is not a table"),
        (GOOD + "[[on_call]]\nfrom = 1", r"on_call\[0\].from is not a setting; known: deputy"),
        (GOOD + '[[on_call]]\ndeputy = "b"', r"on_call\[0\].who is missing"),
        (GOOD + SHIFT.replace("Z", ""), r"on_call\[0\].since: expected a time such as 2026"),
        (GOOD + SHIFT.replace('"b"', '"a"'), r"on_call\[0\]: a cannot be their own deputy"),
        (GOOD + SHIFT + SHIFT, "a begins at .* while a is on call"),
        (GOOD + "producers = 3", "producers is not a table such as department-for-transport"),
        (GOOD + "producers = {office = 3}", "producers.office is not the id of a producer"),
        (GOOD + "retention = 3", "retention is not a table of days"),
        (GOOD + "retention = {names = 3}", "retention.names is not a setting; known: message"),
        (GOOD + "retention = {message = 0}", "retention.message is not a number of days"),
        (GOOD + "retention = {message = true}", "retention.message is not a number of days"),
        (GOOD + "database = 5432", "database: expected postgresql://user@host/name"),
        (GOOD + 'database = "mysql://u@h/d"', "database: expected postgresql://user@host/name"),
        (GOOD + "watch = 3", "watch is not a table"),
        (GOOD + "watch = {grace = 3}", "watch.grace is not a setting; known: agree"),
        (GOOD + "watch = {witnesses = 0}", "watch.witnesses: expected a whole number above 0"),
        (GOOD + "watch = {agree = true}", "watch.agree: expected a whole number above 0"),
        (
            GOOD + "watch = {provisional_after_seconds = 61}",
            "watch: the first grace is 61 s; it may be from 0 to 60 s",
        ),
        (
            GOOD + "watch = {confirmed_after_seconds = 121}",
            "watch: the second grace is 121 s; it may be from 20 to 120 s",
        ),
        (GOOD + "watch = {one_witness_acts = 1}", "watch.one_witness_acts: expected true or false"),
        (GOOD + 'watch = {listings = "all"}', "watch.listings: expected addresses such as"),
        (GOOD + 'watch = {notices = ["all"]}', "watch.notices: expected addresses such as"),
        (GOOD + 'watch = {content_api = "api"}', "watch.content_api: expected a path as"),
        (GOOD + "drill = true", "drill is not a file"),
        (GOOD + 'drill = "/nowhere/clock.json"', "drill is not a file: '/nowhere/clock.json'"),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(desk: Desk, toml: str, named: str) -> None:
    told(desk, toml)
    with pytest.raises(CannotStart, match=named) as stopped:
        setup()
    assert str(desk.home / "desk.toml") in str(stopped.value)


def test_settings_that_are_not_text_at_all_stop_the_start(desk: Desk) -> None:
    (desk.home / "desk.toml").write_bytes(b'site = "\xff"')
    with pytest.raises(CannotStart, match=r"desk\.toml"):
        setup()


def test_a_missing_file_stops_the_start_and_says_what_to_do(desk: Desk) -> None:
    (desk.home / "desk.toml").unlink()
    with pytest.raises(CannotStart, match=f"make it, or point {HOME} elsewhere"):
        setup()


def test_no_home_stops_the_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME)
    with pytest.raises(CannotStart, match=HOME):
        setup()


@pytest.mark.parametrize(("key", "said"), [(None, "is not there"), ("abc", "64 hexadecimal")])
def test_a_signing_key_that_cannot_be_read_stops_the_start(
    desk: Desk, key: str | None, said: str
) -> None:
    file: Path = desk.home / "desk.key"
    file.unlink() if key is None else file.write_text(key)
    with pytest.raises(CannotStart, match=f"desk.key.*{said}"):
        setup().key()


def test_tokens_that_others_may_read_stop_the_start(desk: Desk) -> None:
    told(desk, GOOD + '[services.x]\nurl = "http://x.example"\ntoken = "t"\n')
    (desk.home / "desk.toml").chmod(0o640)
    with pytest.raises(CannotStart, match=r"others may read it; chmod 600 .*desk\.toml"):
        setup()


def test_settings_without_a_token_in_them_may_be_read_by_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "x-token"
    told(desk, GOOD + f'[services.x]\nurl = "http://x.example"\ntoken = "file:{kept}"\n')
    (desk.home / "desk.toml").chmod(0o644)
    service = setup().services["x"]
    with pytest.raises(OutsideFailed, match="cannot be read"):
        _ = service.secret
    kept.touch(mode=0o600)
    with pytest.raises(OutsideFailed, match="is empty"):
        _ = service.secret
    kept.write_text("first\n")
    assert service.secret == "first"
    kept.write_text("second\n")
    assert service.secret == "second", "a new token counts without a restart"
    kept.chmod(0o644)
    with pytest.raises(OutsideFailed, match="others may read it"):
        _ = service.secret
    monkeypatch.setenv("X_TOKEN", "from outside")
    assert Service("u", "env:X_TOKEN").secret == "from outside"
    monkeypatch.delenv("X_TOKEN")
    with pytest.raises(OutsideFailed, match="X_TOKEN is not set") as failed:
        _ = Service("u", "env:X_TOKEN").secret
    assert failed.value.retry


def test_a_channel_whose_token_is_not_to_be_had_is_found_at_the_start(desk: Desk) -> None:
    told(desk, GOOD + '[services.x]\nurl = "http://x.example"\ntoken = "env:NOT_SET"\n')
    with pytest.raises(CannotStart, match=r"services\.x: NOT_SET is not set"):
        check_channels(setup())


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_every_service_can_be_told_and_makes_its_adapter(desk: Desk, tmp_path: Path) -> None:
    tables = ""
    for name, needs in NOTICES.items():
        long_tail = {"token": "json://service.example"} if name == "apprise" else {}
        lines = [f'{one} = "{(EXAMPLES | long_tail)[one]}"\n' for one in needs]
        tables += "".join([f"[services.{name}]\n", *lines])
    told(desk, GOOD + tables)
    check_channels(setup())
    assert in_use(setup()) == (*NOTICES, "feed")
    for name, service in setup().services.items():
        made = adapter(name, service, setup().clock())
        assert type(made).__module__.startswith("ninethirty.desk.outside.notices.")
        assert not isinstance(made, Printed)
    twin = adapter("x", replace(setup().services["x"], url=PRINTED), setup().clock())
    assert isinstance(twin, Printed)


def test_every_kind_of_help_desk_can_be_told(desk: Desk) -> None:
    made = set()
    for kind, needs in HELP_DESKS.items():
        smtp = {"url": "smtps://mail.example:465"} if kind == "mail" else {}
        lines = "".join(f'{one} = "{(EXAMPLES | smtp)[one]}"\n' for one in needs)
        told(desk, GOOD + f'[services.helpdesk]\nkind = "{kind}"\n{lines}')
        made.add(type(help_desk(setup())))
    assert len(made) == len(HELP_DESKS)


EXAMPLES = {
    "url": "https://service.example",
    "token": "https://service.example/secret",
    "account": "a:b",
    "place": "/srv/news",
    "inbox": "imaps://mail.example:993",
    "sender": "desk@office.example",
    "to": "support@platform.example",
}


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://10.0.0.7/hook", "10.0.0.7 is an address of this network"),
        ("http://localhost/hook", "localhost is an address of this network"),
        ("http://[::1]:8080/", "::1 is an address of this network"),
        ("http://169.254.169.254/latest/", "169.254.169.254 is an address of this network"),
        ("ftp://example.org/", "not an address such as"),
        ("https://", "not an address such as"),
    ],
)
def test_a_webhook_that_leads_into_our_own_network_is_refused(
    desk: Desk, address: str, why: str
) -> None:
    for table in (
        f'[services.webhook]\nurl = "{address}"\ntoken = "t"\n',
        f'[services.slack]\ntoken = "{address}"\n',
    ):
        told(desk, GOOD + table)
        with pytest.raises(CannotStart, match=why):
            check_channels(setup())
    told(desk, GOOD + f'[[pagers]]\nkind = "webhook"\nurl = "{address}"\ntoken = "t"\n')
    with pytest.raises(CannotStart, match=why):
        check_pagers(setup())
