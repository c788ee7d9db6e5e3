"""The stand-ins, started in this process on free loopback ports, and moods they can be put in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ninethirty.desk.service import Service
from ninethirty.standin.bluesky import Bluesky
from ninethirty.standin.exchange import Function, Outcome, Reply, Request, Silence
from ninethirty.standin.github import GitHub
from ninethirty.standin.helpdesk import HelpDesk
from ninethirty.standin.hook import Hook
from ninethirty.standin.jira import Jira
from ninethirty.standin.linkedin import LinkedIn
from ninethirty.standin.log import Log, read
from ninethirty.standin.mastodon import Mastodon
from ninethirty.standin.news import News
from ninethirty.standin.notify import Notify
from ninethirty.standin.pagerduty import PagerDuty
from ninethirty.standin.room import Room
from ninethirty.standin.serving import Serving
from ninethirty.standin.social import Account
from ninethirty.standin.ticket import Habits
from ninethirty.standin.tracker import Tracker
from ninethirty.standin.twilio import Twilio
from ninethirty.standin.x import X
from tests.core.made import HALF_PAST
from tests.desk.setting import TOKEN
from tests.standin.drill import Hands

LATER_S = 30
"""When a service that has had too much of us says to come again."""


@dataclass
class Moody:
    """A service that on its next writes fails as told, one mood a write; then it is well."""

    function: Function
    url: str
    log: Path
    clock: Hands
    moods: list[int | str]
    reads: list[int | str]

    def __call__(self, request: Request) -> Outcome:
        signs_in = request.path.endswith("createSession")
        moods = self.reads if request.method == "GET" or signs_in else self.moods
        match moods.pop(0) if moods else None:
            case None:
                return self.function(request)
            case "acts, then says nothing":
                self.function(request)
                return Silence()
            case "says nothing":
                return Silence()
            case "acts, then fails":
                self.function(request)
                return Reply(500, b"something broke")
            case "acts, then talks nonsense":
                self.function(request)
                return Reply(201, b"<html>welcome</html>")
            case int(status):
                later = {"Retry-After": str(LATER_S)} if status == 429 else {}
                return Reply(status, b"no", later)
            case mood:
                raise AssertionError(mood)

    @property
    def service(self) -> Service:
        return Service(self.url, TOKEN)

    def truth(self, what: str = "post") -> list[dict[str, Any]]:
        """What it really did."""
        return [line for line in read(self.log) if line["what"] == what]


@contextmanager
def service(name: str, folder: Path) -> Iterator[Moody]:
    """A stand-in by its name, as a demo starts it."""
    clock = Hands(HALF_PAST)
    place = folder / f"{name}.jsonl"
    with Log(place) as log:
        account = Account(channel=name, prefix="", seed=1, doubled=False, clock=clock, log=log)
        functions: dict[str, Function] = {
            "x": X(account, TOKEN),
            "linkedin": LinkedIn(account, TOKEN),
            "mastodon": Mastodon(account, TOKEN),
            "bluesky": Bluesky(account, TOKEN),
            "slack": Room(account, TOKEN),
            "teams": Room(account, TOKEN),
            "news": News(token=TOKEN, seed=1, clock=clock, log=log),
            "pagerduty": PagerDuty(token=TOKEN, clock=clock, log=log),
            "sms": Twilio(token=TOKEN, clock=clock, log=log),
            "voice": Twilio(token=TOKEN, clock=clock, log=log),
            "notify": Notify(clock=clock, log=log),
            "jira": Jira(Tracker(seed=1, habits=Habits(), clock=clock, log=log), TOKEN),
            "github": GitHub(Tracker(seed=1, habits=Habits(), clock=clock, log=log), TOKEN),
            "webhook": Hook(clock=clock, log=log),
            "helpdesk": HelpDesk(
                token=TOKEN, seed=1, habits=Habits(), silent=False, clock=clock, log=log
            ),
        }
        moody = Moody(functions[name], "", place, clock, [], [])
        with Serving(moody, clock, ["127.0.0.1"], 0) as server:
            moody.url = server.url
            yield moody
