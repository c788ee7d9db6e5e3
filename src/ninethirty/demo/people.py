"""The people of the day, in a process of their own: each does their part at the desk."""

import base64
import json
import time
from contextlib import suppress
from pathlib import Path

import click
import requests

from ninethirty.core.errors import NotAllowed
from ninethirty.core.page import main_html
from ninethirty.core.release import Role
from ninethirty.core.times import WallTime
from ninethirty.demo.sample import NAME, sample_rows
from ninethirty.demo.stage_set import PATH, RELEASE, SLUG
from ninethirty.desk.command import prepare
from ninethirty.desk.folder import contents_of

STATISTICIAN, APPROVER, OFFICER, HEAD = "person-1", "person-2", "person-3", "person-4"
PEOPLE = {
    STATISTICIAN: ("The statistician", Role.STATISTICIAN),
    APPROVER: ("The approver", Role.APPROVER),
    OFFICER: ("The publishing officer", Role.PUBLISHING_OFFICER),
    HEAD: ("The head of profession", Role.HEAD_OF_PROFESSION),
}

OPERATOR = "operator"

ANSWERS_AFTER = 0.5
"""Real seconds between two looks at the pager."""


@click.command("demo-people", hidden=True)
@click.option("--home", type=click.Path(path_type=Path), required=True)
@click.option("--files", type=click.Path(path_type=Path), required=True)
@click.option("--title", required=True)
@click.option("--promised", required=True)
@click.option("--announced", required=True)
@click.option("--platform", required=True)
@click.option("--platform-token", required=True)
@click.option("--seed", type=int, required=True)
def people(
    home: Path,
    files: Path,
    title: str,
    promised: str,
    announced: str,
    platform: str,
    platform_token: str,
    seed: int,
) -> None:
    """Show samples in the register; announce, stage, seal, approve, hand out the copy, arm."""
    prepare(home)
    from ninethirty.desk.actions.accounts import add_person, link_of
    from ninethirty.desk.actions.announce import announce
    from ninethirty.desk.actions.approve import approve
    from ninethirty.desk.actions.arm import arm
    from ninethirty.desk.actions.reports.show import show_breaches
    from ninethirty.desk.actions.reports.take_over import take_over
    from ninethirty.desk.actions.seal import seal
    from ninethirty.desk.actions.stage import stage
    from ninethirty.desk.actions.tell_users import feed
    from ninethirty.desk.setup import setup

    add_person(OPERATOR, "The operator", Role.OPERATOR, by=OPERATOR)
    accounts = [add_person(id, *told, by=OPERATOR) for id, told in PEOPLE.items()]
    links = home / "links.json"
    links.touch(mode=0o600)
    links.write_text(json.dumps({one.username: link_of(one) for one in accounts}))
    table = home / "sample.csv"
    table.write_text(sample_rows(seed))
    show_breaches(take_over(table, NAME, by=HEAD, sample=True))
    opens = WallTime.parse(promised)
    announce(RELEASE, title=title, opens=opens, path=PATH, announced=announced, by=STATISTICIAN)
    stage(RELEASE, files, by=STATISTICIAN)
    sealed = seal(RELEASE, by=STATISTICIAN).details["seal"]
    approve(RELEASE, sealed, by=APPROVER)
    feed(setup(), setup().clock()).publish()

    contents = contents_of(files)
    index = contents.pop("index.html").decode(errors="replace")
    answer = requests.put(
        f"{platform}/private/scheduled/{SLUG}",
        headers={"Authorization": f"Bearer {platform_token}"},
        json={
            "title": title,
            "opens": opens.resolve().text(),
            "body_html": main_html(index),
            "files": {name: base64.b64encode(body).decode() for name, body in contents.items()},
        },
        timeout=20,
    )
    answer.raise_for_status()
    arm(RELEASE, announced_files=answer.json()["files"], by=OFFICER)


@click.command("demo-on-call", hidden=True)
@click.option("--home", type=click.Path(path_type=Path), required=True)
def on_call(home: Path) -> None:
    """Answer pages as the officer on duty: acknowledge, and telephone the platform."""
    prepare(home)
    from ninethirty.core.facts import Fact, Kind
    from ninethirty.desk.actions.acknowledge import acknowledge
    from ninethirty.desk.actions.confirm import confirm
    from ninethirty.desk.record.facts import facts_of
    from ninethirty.desk.runner.book import STEPS

    def numbers(facts: list[Fact], kind: Kind) -> list[int]:
        return [fact.n for fact in facts if fact.kind is kind]

    click.echo("ready")
    called = False
    while True:
        time.sleep(ANSWERS_AFTER)
        facts = facts_of(RELEASE)
        answered = max(numbers(facts, Kind.ACKNOWLEDGED), default=0)
        if max(numbers(facts, Kind.PAGED), default=0) > answered:
            acknowledge(RELEASE, by=OFFICER)
        elif answered and not called:
            called = True
            with suppress(NotAllowed):  # it is over already
                confirm(RELEASE, STEPS["call_the_platform"], by=OFFICER)
