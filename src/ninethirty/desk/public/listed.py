"""Releases as rows of a page."""

from collections.abc import Iterable

from markupsafe import Markup

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import About, Edition, Site, State
from ninethirty.core.times import Instant
from ninethirty.desk.public.told import COLOURS, clock, moment, place, promised, short_day

_ROW = Markup(
    '<li class="nt-release{kind}"><span class="nt-release__when">{when}</span>'
    '<div><a class="govuk-link nt-release__title" href="{path}">{title}</a>'
    '<span class="nt-release__of">{of}</span>{was}</div>'
    '<div><strong class="govuk-tag govuk-tag--{colour}">{state}</strong></div></li>\n'
)
"""Not a template: a calendar has hundreds of these, and this is ten times as fast."""


def rows(site: Site, editions: Iterable[Edition], at: Instant, *, one_day: bool = False) -> Markup:
    """Of what `as_of(at)` left. one_day: the heading above says which day it is."""
    return Markup("").join(_row(site, edition, at, one_day) for edition in editions)


def _row(site: Site, edition: Edition, at: Instant, one_day: bool) -> Markup:
    state = edition.state(at)
    return _ROW.format(
        kind=" nt-release--day" if one_day else "",
        when=_when(site, edition, one_day),
        path=edition.path,
        title=edition.title,
        of=site.producer_of(edition).name,
        was=_was(site, edition, at),
        colour=COLOURS[state],
        state=state_words(state),
    )


def state_words(state: State) -> str:
    return state.value[0].upper() + state.value[1:]


def _when(site: Site, edition: Edition, one_day: bool) -> str:
    when = edition.promise.when
    if isinstance(when, Provisional):
        return promised(when, site.zone)
    told = f"{clock(when.local)}{place(when.zone, site.zone)}"
    return told if one_day else f"{short_day(when.local.date())}, {told}"


def _was(site: Site, edition: Edition, at: Instant) -> Markup:
    said = what_happened(site, edition, at)
    return Markup('<span class="nt-release__was">{}</span>').format(said) if said else Markup("")


def what_happened(site: Site, edition: Edition, at: Instant) -> str:
    """In a line, what a reader of a calendar should know besides the date; most have nothing."""
    match edition.state(at):
        case State.CANCELLED:
            said = edition.notice(About.CANCELLED)
            return f"Cancelled. {said.reason if said else ''}".strip()
        case State.HELD:
            return "Will not be published at the time promised."
        case State.LATE:
            late = edition.notice(About.LATE)
            assert late is not None, "no release is late of which nobody said so"
            return (
                f"Late at its address, as seen at {moment(late.looked or late.since, site.zone)}."
            )
        case State.CORRECTED:
            version = edition.version
            assert version is not None, "what is corrected has a version"
            return f"Corrected at {moment(version.opens, site.zone)}. {version.correction}".strip()
        case State.WITHDRAWN:
            return "Withdrawn."
        case _ if edition.moved:
            return f"Was promised for {promised(edition.promises[-2].when, site.zone)}."
        case _:
            return "Ad hoc: not announced in the calendar." if edition.ad_hoc else ""
