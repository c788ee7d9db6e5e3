"""`ninethirty access`: who sees a release before everybody else does, and who did."""

from pathlib import Path

import click

from ninethirty.core.access import LAWS, Tier
from ninethirty.desk.command import home, ready

by = click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
entry = click.argument("entry", type=int)
release = click.argument("release")


@click.group()
def access() -> None:
    """Keep the list of those who see a release early, and read what they opened."""


@access.command()
@release
@click.option("--law", required=True, type=click.Choice(list(LAWS)), help="Whose ceiling holds.")
@click.option("--sensitive", is_flag=True, help="It can move a market.")
@by
@home
def begin(home: Path, release: str, law: str, sensitive: bool, by: str) -> None:
    """Begin the list of RELEASE, under a law."""
    ready(home)
    from ninethirty.desk.actions.access.enter import begin_list

    begin_list(release, law, sensitive=sensitive, by=by)
    click.echo(f"{release}: its list is under the law of {LAWS[law].name}")


@access.command()
@release
@click.option("--name", required=True, help="Never in a fact; erased in its time.")
@click.option("--address", required=True, help="Their own; links and codes go there.")
@click.option("--job", required=True)
@click.option("--organisation", required=True)
@click.option("--purpose", required=True, help="Published with the job.")
@click.option("--hours", type=float, default=24, show_default=True, help="From so long before T.")
@click.option("--until", type=float, default=0, show_default=True, help="Until so long before T.")
@click.option("--tier", type=click.Choice(list(Tier)), default=Tier.LISTED, show_default=True)
@click.option("--reason", default="", help="Why longer than the ceiling, or why the press.")
@by
@home
def add(
    home: Path,
    release: str,
    name: str,
    address: str,
    job: str,
    organisation: str,
    purpose: str,
    hours: float,
    until: float,
    tier: str,
    reason: str,
    by: str,
) -> None:
    """Put somebody on the list of RELEASE; it shows nothing until it is confirmed."""
    ready(home)
    from ninethirty.desk.actions.access.enter import For, Who, add_entry

    told = For(
        purpose,
        round(hours * 60),
        round(until * 60),
        Tier(tier),  # type: ignore[call-arg]  # looked up by value alone
        reason,
    )
    made = add_entry(release, Who(name, address, job, organisation), told, by=by)
    click.echo(f"{release}: entry {made.id} is written; the head of profession has to confirm it")


@access.command()
@release
@click.option("--read", type=int, required=True, help="The number that `list` prints.")
@by
@home
def confirm(home: Path, release: str, read: int, by: str) -> None:
    """Confirm the list of RELEASE as it was read, and seal its public page."""
    ready(home)
    from ninethirty.desk.actions.access.confirm import confirm_list

    fact = confirm_list(release, read=read, by=by)
    click.echo(f"{release}: {len(fact.details['entries'])} entries confirmed")


@access.command()
@release
@entry
@click.option("--mail", is_flag=True, help="Mail it to them; else it is printed.")
@by
@home
def link(home: Path, release: str, entry: int, mail: bool, by: str) -> None:
    """Make the personal link of an ENTRY; any before it is over."""
    ready(home)
    from ninethirty.desk.actions.access.link import invite, link_for

    if mail:
        invite(release, entry, by=by)
        click.echo(f"{release}: entry {entry} was mailed its link")
    else:
        click.echo(link_for(release, entry, by=by))


@access.command()
@release
@entry
@by
@home
def revoke(home: Path, release: str, entry: int, by: str) -> None:
    """Take the access of an ENTRY back, at once."""
    ready(home)
    from ninethirty.desk.actions.access.enter import revoke

    revoke(release, entry, by=by)
    click.echo(f"{release}: entry {entry} shows nothing any more")


@access.command("list")
@release
@home
def list_entries(home: Path, release: str) -> None:
    """The list of RELEASE as it stands."""
    ready(home)
    from ninethirty.desk.actions.access.act import standing_entries, window_of
    from ninethirty.desk.actions.access.confirm import last_change, remarks_on
    from ninethirty.desk.actions.act import release_of

    row = release_of(release)
    for one in standing_entries(release):
        held = window_of(one, row)
        state = "confirmed" if one.confirmed == row.opens else "to be confirmed"
        click.echo(
            f"{one.id}: {one.reader.name}, {one.job}, {one.organisation}; {one.tier}; "
            f"{held.since.text()} to {held.until.text()}; {state}"
        )
        for remark in remarks_on(one, row):
            click.echo(f"   {remark}")
    click.echo(f"read {last_change(release)}")


@access.command()
@release
@home
def log(home: Path, release: str) -> None:
    """Everything that was done with the list of RELEASE, and every opening; ids, no names."""
    ready(home)
    from ninethirty.desk.actions.access.act import subject_of
    from ninethirty.desk.record.facts import facts_of

    for fact in facts_of(subject_of(release)):
        told = ", ".join(f"{name} {value}" for name, value in fact.details.items())
        click.echo(f"{fact.recorded.text()} {fact.actor}: {fact.kind.says} ({told})")
