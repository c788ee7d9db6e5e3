"""ninethirty said: whether users were told, of a step that a runner could not finish."""

from pathlib import Path

import click

from ninethirty.desk.command import home, ready


@click.command("said")
@home
@click.argument("release")
@click.argument("step")
@click.option("--by", required=True, metavar="PERSON", help="Id of who looked, or said it.")
@click.option("--at", "address", default="", metavar="ADDRESS", help="Where it can be read.")
@click.option("--not", "never", is_flag=True, help="You looked, and users were not told there.")
def said(home: Path, release: str, step: str, by: str, address: str, never: bool) -> None:
    """Say that users were told what STEP of RELEASE says (tell_x), or with --not that they were
    not. Look on the channel itself first; nobody is paged for it any more."""
    ready(home)
    from ninethirty.desk.actions.confirm import confirm_told
    from ninethirty.desk.actions.not_said import not_said
    from ninethirty.desk.runner.book import STEPS, WORDS

    if step not in WORDS:
        raise click.BadParameter(f"{step!r} tells users nothing; known: {', '.join(WORDS)}")
    if never and address:
        raise click.UsageError("--at and --not: was it said, or not?")
    if never:
        not_said(release, STEPS[step], by=by)
        click.echo(f"{release}: {step}: users were not told there")
        return
    confirm_told(release, STEPS[step], WORDS[step], address, by=by)
    click.echo(f"{release}: {step}: users were told")
