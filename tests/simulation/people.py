"""People who are paged: they answer or do not, stop what is public, and do by hand what is left to
them."""

from typing import TYPE_CHECKING

from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Reach, Step, may_start, to_be_found
from ninethirty.desk.record.facts import New
from ninethirty.desk.runner.book import STEPS
from tests.simulation.edition import Edition, T
from tests.simulation.services import BOOK, REQUEST, brings

if TYPE_CHECKING:
    from tests.simulation.day import Day

ANSWERS, STOPS, GOES_ON = 0.6, 0.1, 0.5


class People:
    def __init__(self, day: "Day") -> None:
        self._day = day

    def paged(self, edition: Edition, page: Page, stuck: Step | None) -> None:
        edition.pages.append(page.alarm)
        if self._day.rng.random() < ANSWERS:
            wait = self._day.rng.uniform(20, 300)
            self._day.after(wait, self._answers, edition, page.to, stuck)

    def _answers(self, edition: Edition, person: str, stuck: Step | None) -> None:
        day = self._day
        if day.gone_until > day.now:
            day.after(day.gone_until - day.now, self._answers, edition, person, stuck)
            return
        day.append([New(edition.id, Kind.ACKNOWLEDGED, day.instant())], person)
        progress = self._progress(edition)
        doubted = progress.first(Kind.LATE_PROVISIONAL)
        if doubted and day.now < 400 and not progress.vetoed and day.rng.random() < STOPS:
            day.append([New(edition.id, Kind.VETOED, day.instant())], person)
            if day.rng.random() < GOES_ON:
                day.after(day.rng.uniform(5, 300), self._lifts, edition, person)
        for step in BOOK:
            if step.by_hand and step.name not in progress.done and may_start(step, progress):
                day.after(day.rng.uniform(10, 200), self._does, edition, person, step)
        if stuck and stuck.name in STEPS and not stuck.by_hand:
            # First end whoever is stopped, who would act on waking; then see what is there.
            for runner in [one for one in day.runners if one.stopped_until > day.now]:
                day.kill(runner)
            wait = REQUEST + day.rng.uniform(5, 60)
            day.after(wait, self._does, edition, person, stuck)

    def _lifts(self, edition: Edition, person: str) -> None:
        if self._progress(edition).vetoed:
            new = New(edition.id, Kind.VETO_LIFTED, self._day.instant())
            self._day.append([new], person)

    def _does(self, edition: Edition, person: str, step: Step) -> None:
        day = self._day
        if day.gone_until > day.now:
            day.after(day.gone_until - day.now, self._does, edition, person, step)
            return
        progress = self._progress(edition)
        if step.name in progress.done:
            return
        if may_start(step, progress) is None:
            self._looks(edition, person, step, progress)
            return
        if step.reach is Reach.PUBLIC:
            tries = progress.tries.get(step.name)
            claim = tries.unfinished if tries else None
            holds = [one for one in day.runners if claim and one.name == claim.runner]
            for runner in holds:
                if runner.stopped_until > day.now:
                    day.kill(runner)
                    day.after(REQUEST, self._does, edition, person, step)
                return  # Else it is at it.
            if not edition.posts.get(step.name):
                day.services.sent(edition, step.name, 0.0, person, progress.n)
        told = {"step": step.name, "attempt": 0}
        news = [
            New(edition.id, one.kind, day.instant(), f"{edition.id}/{one.key}", one.details)
            for one in brings(step.name)
        ]
        done = f"{edition.id}/{step.name}/done"
        news.append(New(edition.id, Kind.STEP_DONE, day.instant(), done, told))
        if day.append(news, person) and any(new.kind is Kind.CLOSED for new in news):
            edition.closed = True

    def _looks(self, edition: Edition, person: str, step: Step, progress: Progress) -> None:
        """For what nobody is to be told any more, and may have been."""
        day, tries = self._day, progress.tries.get(step.name)
        if to_be_found(step, progress) is None or tries is None or tries.unfinished:
            return
        if not any(post.lands <= day.now for post in edition.posts.get(step.name, ())):
            told = {"step": step.name}
            day.append([New(edition.id, Kind.NOT_SAID, day.instant(), details=told)], person)

    def _progress(self, edition: Edition) -> Progress:
        return Progress(self._day.record.facts_of(edition.id), T)
