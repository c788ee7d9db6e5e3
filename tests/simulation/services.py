"""What a step does outside: pages, tickets and posts that arrive, are refused, or arrive and seem
not to have."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ninethirty.core import attempt, telling
from ninethirty.core.attempt import Came, Failed, Happened
from ninethirty.core.facts import Kind
from ninethirty.core.telling import Drop, Find, Keep, Kept, Note
from ninethirty.core.telling import Post as PostIt
from ninethirty.desk.actions.page_person import paged
from ninethirty.desk.outside import fence, web
from ninethirty.desk.runner.book import book_for
from tests.simulation.edition import Edition, Post

if TYPE_CHECKING:
    from tests.simulation.day import Day, Told

BOOK = book_for(("x", "linkedin", "news", "feed"))
"""What is due on the day of a producer with these channels. Its platform never answers the ticket,
so it is reminded, and a person has to telephone."""

REQUEST = sum(web.TIMEOUT)
"""The longest a request can be on its way."""

UNREACHED = 3.0


class Services:
    def __init__(self, day: "Day") -> None:
        self._day = day

    def act(self, told: "Told", ask: attempt.Act) -> None:
        known = len(ask.facts)
        day, name = self._day, told.due.step.name
        alone = told.runner.alone_until > day.now
        if told.page:
            if alone or day.goes_wrong():
                day.came(told, UNREACHED, Failed(retry=True))
                return
            day.people.paged(told.edition, told.page, None)
            day.came(told, 0.5, Came([paged(told.page)]))
        elif name.startswith("tell_"):
            self._tell(told, telling.tell(only_look=ask.only_look), None, known)
        elif name in ("raise_ticket", "update_ticket") and alone:
            day.came(told, UNREACHED, Failed(retry=True))
        elif name == "raise_ticket":
            self._raise(told)
        elif name == "check_alternate" and day.now < told.edition.alternate_from:
            day.came(told, 20.0, Failed(retry=True))
        elif name.startswith("check_") and day.goes_wrong(2):
            day.came(told, 1.0, Failed(retry=True, lacks="2 of 3 witnesses can see"))
        elif day.goes_wrong(0.2):
            day.came(told, 0.1, Failed(retry=False))
        else:
            day.came(told, 0.1, Came(brings(name)))

    def effect_key(self, told: "Told") -> str:
        return f"{told.edition.id}/{told.due.step.name}"

    def _raise(self, told: "Told") -> None:
        """Its service refuses a key that it has seen."""
        key = self.effect_key(told)
        if key not in told.edition.tickets:
            told.edition.tickets.append(key)
        if self._day.goes_wrong(3):
            self._day.came(told, REQUEST, Failed(retry=True, perhaps=True))
        else:
            self._day.came(told, 0.4, Came(brings("raise_ticket")))

    def _tell(self, told: "Told", driven: Any, answer: Any, known: int) -> None:
        """Answer the next question of a telling, as soon as its runner can hear it."""
        day, runner, edition, name = self._day, told.runner, told.edition, told.due.step.name
        if runner.dead:
            return
        if runner.stopped_until > day.now:
            wait = runner.stopped_until - day.now
            day.after(wait, self._tell, told, driven, answer, known)
            return
        try:
            ask = driven.send(answer)
        except StopIteration as end:
            never = Failed(retry=False, absent=True)
            day.proceed(told, Came(brings(name)) if end.value else never)
            return
        if isinstance(ask, Keep | Note | Drop) and runner.cut_until > day.now:
            day.came(told, 0.5, Failed(retry=True, perhaps=True))
            return
        if isinstance(ask, Find | PostIt) and runner.alone_until > day.now:
            day.came(told, UNREACHED, Failed(retry=True))
            return
        match ask:
            case Keep(make):
                kept = Kept(new=name not in edition.rows, told=edition.rows.get(name, False))
                if make:
                    edition.rows.setdefault(name, False)
                self._tell(told, driven, kept, known)
            case Find() if day.goes_wrong(4):
                day.came(told, 0.3, Failed(retry=True))  # own posts cannot be read
            case Find():
                day.after(0.3, self._found, told, driven, known)
            case PostIt() if runner.cut_until > day.now:
                day.came(told, 0.5, Failed(retry=True, perhaps=True))  # whose it is cannot be read
            case PostIt() if not self._still_ours(told):
                day.came(told, 0.01, Failed(retry=True))
            case PostIt():
                made_sure = day.now
                if runner in day.runners and day.goes_wrong():
                    day.stop(runner)  # All was read that could be read, and nothing was sent yet.
                wait = max(0.0, runner.stopped_until - day.now)
                day.after(wait, self._post, told, driven, known, made_sure)
            case Note():
                edition.rows[name] = True
                self._tell(told, driven, None, known)
            case Drop():
                edition.rows.pop(name, None)
                self._tell(told, driven, None, known)

    def _found(self, told: "Told", driven: Any, known: int) -> None:
        posts = told.edition.posts.get(told.due.step.name, ())
        found = next((post for post in posts if post.lands <= self._day.now), None)
        self._tell(told, driven, found, known)

    def _still_ours(self, told: "Told") -> bool:
        facts = self._day.record.facts_of(told.edition.id)
        return attempt.still_ours(facts, told.due, told.runner.name)

    def _post(self, told: "Told", driven: Any, known: int, made_sure: float) -> None:
        day = self._day
        if told.runner.dead:
            return
        if day.now - made_sure > fence.HOLDS:
            day.came(told, 0.01, Failed(retry=True, perhaps=True))
            return
        if day.goes_wrong(3):
            day.came(told, 0.3, Failed(retry=day.rng.random() < 0.8))
            return
        # It may act, and its answer never come.
        silent = day.goes_wrong(6)
        takes = day.rng.uniform(0.05, REQUEST - 0.1 if silent else 1.0)
        post = self.sent(told.edition, told.due.step.name, takes, told.runner.name, known)
        post.attempt = told.due.attempt
        if silent:
            day.came(told, REQUEST, Failed(retry=True, perhaps=True))
        else:
            day.after(takes + 0.01, self._tell, told, driven, post, known)

    def sent(self, edition: Edition, step: str, takes: float, by: str, known: int) -> Post:
        facts = len(self._day.record.facts_of(edition.id))
        post = Post(self._day.now + takes, by, known, facts)
        edition.posts.setdefault(step, []).append(post)
        return post


def brings(step: str) -> list[Happened]:
    """The facts that come with its outcome. tests/desk/test_runner.py holds that the real actions
    bring the same."""
    if step.startswith("tell_"):
        channel = step.split("_")[1]
        last = step.split("_")[-1]
        about = last if last in ("update", "recovered") else "late"
        details = {"channel": channel, "about": about, "message": 1}
        return [Happened(Kind.USERS_TOLD, None, f"told/{about}/{channel}", details)]
    return _BRINGS.get(step, list)()


def _reminded(number: int) -> Happened:
    details = {"whom": "platform's support", "number": number, "message": 1}
    return Happened(Kind.REMINDED, None, f"ticket/reminded/{number}", details)


_BRINGS: dict[str, Callable[[], list[Happened]]] = {
    "open_incident": lambda: [Happened(Kind.INCIDENT_OPENED, None, "incident")],
    "check_alternate": lambda: [
        Happened(Kind.ALTERNATE_VERIFIED, None, "alternate", {"channel": "alternate"})
    ],
    "check_alternate_again": lambda: [
        Happened(Kind.ALTERNATE_VERIFIED, None, "alternate/again", {"channel": "alternate"})
    ],
    "raise_ticket": lambda: [Happened(Kind.TICKET_RAISED, None, "ticket", {"message": 1})],
    "update_ticket": lambda: [
        Happened(Kind.TICKET_UPDATED, None, "ticket_updated", {"message": 1})
    ],
    "remind_support_1": lambda: [_reminded(1)],
    "remind_support_2": lambda: [_reminded(2)],
    "draft_report": lambda: [
        Happened(Kind.REPORT_DRAFTED, None, "report/1", {"facts": 1, "digest": "d"})
    ],
    "begin_watch": lambda: [
        Happened(
            Kind.WATCH_BEGUN,
            None,
            "watch/begun",
            {"cause": "cached", "until": _LATER, "releases": []},
        )
    ],
    "end_watch": lambda: [
        Happened(
            Kind.WATCH_ENDED,
            None,
            "watch/ended",
            {"cause": "cached", "again": [], "looks": 9, "not_right": {}},
        )
    ],
    "close": lambda: [Happened(Kind.CLOSED, None, "closed")],
    "close_after_watch": lambda: [Happened(Kind.CLOSED, None, "closed")],
}

_LATER = "2026-12-06T09:30:00.000000Z"
