from pathlib import Path

import pytest

from ninethirty.core.errors import CannotStart
from ninethirty.core.retention import DAYS, Kept
from ninethirty.core.rota import Shift
from ninethirty.core.times import Instant
from ninethirty.desk.setup import HOME, Contact, Service, Witness, setup
from tests.desk.setting import Desk

pytestmark = pytest.mark.parametrize("database", ["sqlite"])

GOOD = 'site = "http://statistics.example/"\nproducer = "The office"\n'
SHIFT = (
    '[[on_call]]\nwho = "a"\ndeputy = "b"\n'
    "since = 2026-12-01T08:00:00Z\nuntil = 2026-12-08T08:00:00Z\n"
)


def told(desk: Desk, toml: str) -> None:
    (desk.home / "desk.toml").write_text(toml)
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
        (GOOD + "on_call = 3", "on_call is not a list"),
        (GOOD + "on_call = [3]", r"on_call\[0\] is not a table"),
        (GOOD + "[[on_call]]\nfrom = 1", r"on_call\[0\].from is not a setting; known: deputy"),
        (GOOD + '[[on_call]]\ndeputy = "b"', r"on_call\[0\].who is missing"),
        (GOOD + SHIFT.replace("Z", ""), r"on_call\[0\].since: expected a time such as 2026"),
        (GOOD + SHIFT.replace('"b"', '"a"'), r"on_call\[0\]: a cannot be their own deputy"),
        (GOOD + SHIFT + SHIFT, "a begins at .* while a is on call"),
        (GOOD + "retention = 3", "retention is not a table of days"),
        (GOOD + "retention = {names = 3}", "retention.names is not a setting; known: message"),
        (GOOD + "retention = {message = 0}", "retention.message is not a number of days"),
        (GOOD + "retention = {message = true}", "retention.message is not a number of days"),
        (GOOD + "database = 5432", "database: expected postgresql://user@host/name"),
        (GOOD + 'database = "mysql://u@h/d"', "database: expected postgresql://user@host/name"),
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
