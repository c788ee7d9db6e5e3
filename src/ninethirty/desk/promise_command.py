"""ninethirty promise: what a producer promises, and to whom it belongs, without a browser."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click

from ninethirty.core.announcement import ELSEWHERE, Leave, Provisional, Rhythm
from ninethirty.core.errors import NotAllowed, TimeError
from ninethirty.core.facts import Fact
from ninethirty.core.times import WallTime
from ninethirty.desk.command import home, prepare

by = click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
reason = click.option("--reason", required=True, help="Is published.")


class _When(click.ParamType[WallTime | Provisional]):
    """An exact date, or a month or a range."""

    name = "when"

    def __init__(self, *, exact: bool) -> None:
        self._exact = exact

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> WallTime | Provisional:
        try:
            if self._exact or ":" in value:
                return WallTime.parse(value)
            return Provisional.parse(value)
        except TimeError as wrong:
            self.fail(str(wrong), param, ctx)


class _Told(click.ParamType[date | time]):
    """A date or a time as ISO 8601 writes it."""

    def __init__(self, name: str, read: Callable[[str], date | time]) -> None:
        self.name, self._read = name, read

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | time:
        if isinstance(value, date | time):
            return value
        try:
            return self._read(value)
        except ValueError as wrong:
            self.fail(f"{value!r}: {wrong}", param, ctx)


EXACT, ANY = _When(exact=True), _When(exact=False)
DAY, CLOCK = _Told("date", date.fromisoformat), _Told("time", time.fromisoformat)


@click.group("promise")
def promise() -> None:
    """Promise dates: producers, series, announcements, and changes of them."""


def _fit(folder: Path) -> None:
    prepare(folder)
    from ninethirty.desk.record.fit import check_fit
    from ninethirty.desk.setup import setup

    check_fit(setup())


def _say(fact: Fact, words: str) -> None:
    click.echo(f"{fact.subject}: {words}")
    warned = fact.details.get("warned")
    if warned:
        click.echo(f"kept with it, as warned of: {', '.join(warned)}", err=True)


@promise.command("producer")
@click.argument("id")
@click.argument("name")
@home
@by
@click.option("--about", default="", help="A sentence for readers.")
@click.option("--url", default="", help="Its own site.")
@click.option("--contact-name", default="")
@click.option("--contact-email", default="")
@click.option("--contact-telephone", default="")
@click.option(
    "--like", type=click.Choice(list(ELSEWHERE)), help="Zone and usual time of another country."
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML: where its rules differ, as in the table [promises] of desk.toml.",
)
def producer(
    id: str,
    name: str,
    home: Path,
    by: str,
    about: str,
    url: str,
    contact_name: str,
    contact_email: str,
    contact_telephone: str,
    like: str | None,
    rules: Path | None,
) -> None:
    """Add a producer; ID is a part of its address, such as health."""
    told = _rules(rules) | ({"like": like} if like else {})
    _fit(home)
    from ninethirty.desk.actions.add_producer import add_producer

    contact = {"name": contact_name, "email": contact_email, "telephone": contact_telephone}
    fact = add_producer(id, name, by=by, about=about, url=url, contact=contact, promises=told)
    _say(fact, "added")


def _rules(file: Path | None) -> dict[str, Any]:
    """With dates and times as texts. Raises NotAllowed."""
    if file is None:
        return {}
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise NotAllowed(f"{file}: {wrong}") from wrong
    as_texts: dict[str, Any] = _as_texts(told.get("promises", told))
    return as_texts


def _as_texts(told: Any) -> Any:
    match told:
        case dict():
            return {name: _as_texts(value) for name, value in told.items()}
        case list():
            return [_as_texts(value) for value in told]
        case date() | datetime() | time():
            return told.isoformat()
        case _:
            return told


@promise.command("leave")
@click.argument("producer")
@click.argument("reference")
@home
@by
@click.option("--at", type=CLOCK, required=True, metavar="HH:MM", help="The time granted.")
@click.option("--since", type=DAY, required=True, metavar="DATE", help="Its first day.")
@click.option("--until", type=DAY, metavar="DATE", help="Its last day, if it has one.")
def leave(
    producer: str,
    reference: str,
    home: Path,
    by: str,
    at: time,
    since: date,
    until: date | None,
) -> None:
    """Record an alternative release time, or an exemption, that PRODUCER was granted."""
    _fit(home)
    from ninethirty.desk.actions.add_producer import record_leave

    fact = record_leave(producer, Leave(reference, at, since, until), by=by)
    _say(fact, f"{reference}: may release at {at:%H:%M} from {since} on")


@promise.command("series")
@click.argument("id")
@click.argument("title")
@home
@by
@click.option("--producer", required=True, metavar="ID")
@click.option(
    "--rhythm", type=click.Choice([str(one) for one in Rhythm]), help="How often it comes out."
)
@click.option("--about", default="", help="A sentence for readers.")
@click.option("--status", default="", help="Such as accredited official statistics.")
@click.option("--keyword", "keywords", multiple=True, help="May be given often.")
def series(
    id: str,
    title: str,
    home: Path,
    by: str,
    producer: str,
    rhythm: str | None,
    about: str,
    status: str,
    keywords: tuple[str, ...],
) -> None:
    """Add a series; ID is a part of its address, such as gdp-quarterly."""
    _fit(home)
    from ninethirty.desk.actions.add_series import add_series

    fact = add_series(
        id,
        title,
        producer=producer,
        by=by,
        rhythm=Rhythm(rhythm) if rhythm else None,
        about=about,
        status=status,
        keywords=keywords,
    )
    _say(fact, "added")


@promise.command("announce")
@click.argument("release")
@click.argument("title")
@click.argument("when", type=ANY)
@home
@by
@click.option("--series", default="", metavar="ID")
@click.option("--path", metavar="PATH", help="Where it will be here.  [default: /RELEASE]")
@click.option(
    "--at", "announced", metavar="URL", help="Address promised to the public, if not ours."
)
@click.option("--summary", default="", help="A sentence for readers.")
@click.option("--unscheduled", default="", metavar="REASON", help="It was not in the calendar.")
def announce(
    release: str,
    title: str,
    when: WallTime | Provisional,
    home: Path,
    by: str,
    series: str,
    path: str | None,
    announced: str | None,
    summary: str,
    unscheduled: str,
) -> None:
    """Promise RELEASE, an edition: "2026-12-01 09:30 Europe/London", or for the time being a month
    or a range, 2026-12 or "2026-12-07 to 2026-12-18"."""
    _fit(home)
    from ninethirty.desk.actions.announce import announce
    from ninethirty.desk.setup import setup

    path = path or f"/{release}"
    fact = announce(
        release,
        title=title,
        opens=when,
        path=path,
        announced=announced or f"{setup().site}{path}",
        by=by,
        series=series,
        summary=summary,
        unscheduled=unscheduled,
    )
    _say(fact, f"promised for {when}")


@promise.command("confirm")
@click.argument("release")
@click.argument("when", type=ANY)
@home
@by
@click.option("--reason", default="", help="Why, if another month is promised; is published.")
def confirm(release: str, when: WallTime | Provisional, home: Path, by: str, reason: str) -> None:
    """Give RELEASE, which was promised for a month or a range, its exact date, or another month."""
    _fit(home)
    from ninethirty.desk.actions.set_date import set_date

    _say(set_date(release, when, by=by, reason=reason), f"promised for {when}")


@promise.command("move")
@click.argument("release")
@click.argument("when", type=EXACT)
@home
@by
@reason
def move(release: str, when: WallTime, home: Path, by: str, reason: str) -> None:
    """Ask for another date than the one confirmed. If PERSON is a head of profession it is done;
    what was approved and armed is void then."""
    _fit(home)
    from ninethirty.core.facts import Kind
    from ninethirty.desk.actions.move import move

    fact = move(release, when, by=by, reason=reason)
    if fact.kind is Kind.RESCHEDULED:
        _say(fact, f"promised for {when}, and no more for {fact.details['was']}")
    else:
        _say(fact, f"asked for {when}; a head of profession answers: ninethirty promise approve")


@promise.command("approve")
@click.argument("release")
@home
@by
def approve(release: str, home: Path, by: str) -> None:
    """Agree to the other date that was asked for."""
    _fit(home)
    from ninethirty.desk.actions.move import approve_move

    told = approve_move(release, by=by)
    _say(told, f"promised for {told.details['opens']}, and no more for {told.details['was']}")


@promise.command("refuse")
@click.argument("release")
@home
@by
@click.option("--reason", required=True, help="For those who asked; is not published.")
def refuse(release: str, home: Path, by: str, reason: str) -> None:
    """Keep the date."""
    _fit(home)
    from ninethirty.desk.actions.move import refuse_move

    _say(refuse_move(release, by=by, reason=reason), "the date stays")


@promise.command("cancel")
@click.argument("release")
@home
@by
@reason
def cancel(release: str, home: Path, by: str, reason: str) -> None:
    """Promise no more that there will be such a release."""
    _fit(home)
    from ninethirty.desk.actions.cancel import cancel
    from ninethirty.desk.actions.move import take_back_if_armed

    take_back_if_armed(release, by=by, reason=reason)
    _say(cancel(release, by=by, reason=reason), "cancelled")


@promise.command("next")
@click.argument("series")
@home
@click.option("--all", "every", is_flag=True, help="Of the next twelve months.")
def propose(series: str, home: Path, every: bool) -> None:
    """Propose a date for the next edition of SERIES, from its rhythm."""
    _fit(home)
    from ninethirty.desk.actions.propose import propose

    found = propose(series)
    if not found:
        raise NotAllowed(f"{series}: the next twelve months are announced")
    for proposed in found if every else found[:1]:
        click.echo(f"{proposed} ({proposed.local:%A})")


@promise.command("list")
@home
@click.option("--series", default="", metavar="ID")
@click.option("--producer", default="", metavar="ID")
@click.option("--from", "since", type=DAY, metavar="DATE", help="[default: today]")
@click.option("--until", type=DAY, metavar="DATE", help="[default: twelve months on]")
def listing(home: Path, series: str, producer: str, since: date | None, until: date | None) -> None:
    """The calendar, and what in it needs somebody."""
    _fit(home)
    from ninethirty.desk.actions.look_ahead import look_ahead

    for line in look_ahead(series=series, producer=producer, since=since, until=until):
        click.echo(line)


@promise.command("import")
@home
@by
@click.option("--govuk", "site", metavar="URL", help="Ask GOV.UK: https://www.gov.uk")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="iCalendar (.ics), CSV (.csv), or documents of GOV.UK (.json); may be given often.",
)
@click.option("--series", default="", metavar="ID", help="To which new ones belong.")
@click.option("--yes", is_flag=True, help="Do it; else it is only said what would change.")
@click.option("--contact", default="no contact given", show_default=True, help="In the User-Agent.")
@click.option("--allow", multiple=True, metavar="HOST", help="Inside hosts that may be asked.")
def take_in(
    home: Path,
    by: str,
    site: str | None,
    files: tuple[Path, ...],
    series: str,
    yes: bool,
    contact: str,
    allow: tuple[str, ...],
) -> None:
    """Take up promises made elsewhere, as often as you like. Exits with 1 if any document could not
    be taken.

    Whom an organisation of GOV.UK is here, the table [producers] of desk.toml says, such as
    department-for-transport = "dft"; what is new and given to no series is then among its others.
    """
    if bool(site) == bool(files):
        raise click.UsageError("give either --govuk, or --file")
    _fit(home)
    from ninethirty.desk.actions.take_up import plan, take_up
    from ninethirty.desk.outside.calendars.found import Odd
    from ninethirty.desk.outside.calendars.sources import ask_govuk, read_files

    found = ask_govuk(site, contact, allow) if site else read_files(files)
    planned = plan(found, series=series)
    odd = len(planned.odd)
    for wrong in planned.odd:
        click.echo(f"not taken: {wrong}", err=True)
    done = 0
    for said in take_up(planned, by=by) if yes else [*planned.added, *planned.changes]:
        done += not isinstance(said, Odd)
        odd += isinstance(said, Odd)
        click.echo(
            f"not taken: {said}" if isinstance(said, Odd) else said, err=isinstance(said, Odd)
        )
    told = f"{done} {'done' if yes else 'would change; say --yes to do it'}"
    click.echo(f"{told}, {planned.unchanged} as they were, {planned.past} past, {odd} not taken")
    if odd:
        raise SystemExit(1)
