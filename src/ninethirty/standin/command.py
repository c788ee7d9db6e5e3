"""`ninethirty standin ...`: each stand-in as a process of its own, on loopback only."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from ninethirty.core.times import Clock, Instant
from ninethirty.standin import options
from ninethirty.standin.announcements import Announcements, example
from ninethirty.standin.bluesky import Bluesky
from ninethirty.standin.exchange import Function
from ninethirty.standin.helpdesk import HelpDesk
from ninethirty.standin.linkedin import LinkedIn
from ninethirty.standin.log import Log
from ninethirty.standin.mastodon import Mastodon
from ninethirty.standin.news import News
from ninethirty.standin.options import Address
from ninethirty.standin.pagerduty import PagerDuty
from ninethirty.standin.plan import Plan
from ninethirty.standin.platform.command import platform
from ninethirty.standin.process import give_up, serve, when_told_to_stop
from ninethirty.standin.reader import Reader
from ninethirty.standin.room import Room
from ninethirty.standin.social import Account
from ninethirty.standin.ticket import Habits
from ninethirty.standin.x import X


@click.group()
def standin() -> None:
    """Platforms, networks and desks that misbehave on purpose; and the public."""


standin.add_command(platform)


def _network(name: str, words: str, prefix: str, kind: Callable[[Account, str], Function]) -> None:
    @standin.command(name, help=words)
    @options.service
    @options.fault("doubled")
    def network(
        *, listen: Address, time: Clock, log_file: Path, token: str, seed: int, fault: str
    ) -> None:
        with Log(log_file) as log:
            doubled = fault == "doubled"
            account = Account(
                channel=name, prefix=prefix, seed=seed, doubled=doubled, clock=time, log=log
            )
            serve(kind(account, token), time, listen[:1], listen[1])


_network("x", "X.", "", X)
_network("linkedin", "LinkedIn.", "urn:li:share:", LinkedIn)
_network("mastodon", "A Mastodon server.", "", Mastodon)
_network("bluesky", "A personal data server of Bluesky.", "", Bluesky)
_network("room", "A room of Slack or Teams, whose webhook is /TOKEN.", "", Room)


@standin.command()
@options.service
def news(*, listen: Address, time: Clock, log_file: Path, token: str, seed: int) -> None:
    """The producer's news site."""
    with Log(log_file) as log:
        function = News(token=token, seed=seed, clock=time, log=log)
        serve(function, time, listen[:1], listen[1])


@standin.command()
@options.service
def pagerduty(*, listen: Address, time: Clock, log_file: Path, token: str, seed: int) -> None:
    """PagerDuty, and the telephone that it rings."""
    with Log(log_file) as log:
        serve(PagerDuty(token=token, clock=time, log=log), time, listen[:1], listen[1])


@standin.command()
@options.service
@options.fault("silent")
@click.option("--acknowledge-after", default=4.0, show_default=True, metavar="MINUTES")
@click.option("--cause-after", default=50.0, show_default=True, metavar="MINUTES")
@click.option("--fixed-at", callback=options.instant, help="When the platform had recovered.")
def helpdesk(
    *,
    listen: Address,
    time: Clock,
    log_file: Path,
    token: str,
    seed: int,
    fault: str,
    acknowledge_after: float,
    cause_after: float,
    fixed_at: Instant | None,
) -> None:
    """The platform's help desk."""
    habits = Habits(timedelta(minutes=acknowledge_after), timedelta(minutes=cause_after), fixed_at)
    with Log(log_file) as log:
        function = HelpDesk(
            token=token, seed=seed, habits=habits, silent=fault == "silent", clock=time, log=log
        )
        serve(function, time, listen[:1], listen[1])


@standin.command()
@click.option("--listen", required=True, callback=options.address, metavar="HOST:PORT")
@options.drill
@options.log
@options.seed
@click.option("--count", default=5000, show_default=True, help="Over the next twelve months.")
@click.option("--items-only", is_flag=True, help="The search says only where they are.")
@click.option("--cut", type=int, metavar="N", help="Cut off page N of the search; the first is 0.")
def announcements(
    *,
    listen: Address,
    time: Clock,
    log_file: Path,
    seed: int,
    count: int,
    items_only: bool,
    cut: int | None,
) -> None:
    """GOV.UK's announcements of statistics, to be searched and read."""
    with Log(log_file) as log:
        told = example(count, time.now(), seed)
        function = Announcements(told, time, log, cut=cut, items_only=items_only)
        serve(function, time, listen[:1], listen[1])


@standin.command()
@click.option(
    "--plan", "plan_file", type=options.FILE, required=True, help="What to look at, and when."
)
@options.drill
@options.log
def reader(*, plan_file: Path, time: Clock, log_file: Path) -> None:
    """The public."""
    with Log(log_file) as log:
        try:
            plan = Plan.read(plan_file)
            public = Reader(plan, time, log)
        except (KeyError, TypeError, ValueError, OSError) as wrong:
            give_up(f"{plan_file} is not a plan to read by: {wrong!r}")
        when_told_to_stop(public.stop)
        click.echo(f"ready {plan.page}")
        public.run()
