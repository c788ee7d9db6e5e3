"""The day itself: everybody takes their place, and the clock runs."""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from ninethirty.core.document import SigningKey
from ninethirty.core.keyring import GateKey
from ninethirty.core.seal import PAGE, files_of
from ninethirty.core.times import Clock, Instant
from ninethirty.demo.breaks import Break, spoil
from ninethirty.demo.clockwork import copy_fast, run_the_day
from ninethirty.demo.people import HEAD, OFFICER
from ninethirty.demo.stage_set import (
    AUTHOR,
    BEFORE,
    CONTACT,
    EDGES,
    LONGEST,
    PATH,
    PLATFORM_FIXED,
    PRODUCER,
    WITNESSES,
    StageSet,
)
from ninethirty.demo.supervise import Company
from ninethirty.demo.view import View
from ninethirty.desk.folder import contents_of
from ninethirty.desk.shelf import Shelf

GATE = "gate"
GLANCE = 0.1
"""Real seconds between two looks at the timeline."""


@dataclass(frozen=True)
class Kill:
    """kill -9 of a process at an instant after T."""

    name: str
    after: timedelta


class Day:
    """`drafted`: when the report was last drafted, as the desk tells it."""

    def __init__(
        self,
        stage: StageSet,
        company: Company,
        view: View,
        clock: Clock,
        *,
        seed: int,
        fault: str,
    ) -> None:
        self._stage = stage
        self._company = company
        self._view = view
        self._clock = clock
        self._seed = seed
        self._fault = fault
        self._token = f"demo-{seed}"
        self._facts: list[dict[str, Any]] = []
        self._restarts = 0
        self.drafted: Instant | None = None

    @property
    def said(self) -> set[str]:
        """Kinds of the facts so far."""
        return {fact["kind"] for fact in self._facts}

    def make_ready(
        self, files: Path, title: str, broken: Break | None, *, alone: bool = False
    ) -> None:
        """Start everybody, and do what is done before a release. Raises CannotStart.

        alone: nobody plays the officer on call.
        """
        key = SigningKey.new()
        self._write_desk(key, broken)
        self._start_stand_ins(broken)
        self._start_rooms(key, broken)
        self._let_people_work(files, title, alone=alone)
        self._start_reader(files)
        if broken is Break.ALTERNATE_WRONG:
            lost = next(f for f in files_of(contents_of(files)) if f.name != PAGE)
            shelf = Shelf(
                self._stage.desk_home / "shelf", key, site=self._stage.url("gate"), drill=True
            )
            for lying in shelf.lies(lost.digest).values():
                spoil(self._stage.home / "gate", lying.object)

    def happen(self, speed: float | None, kill: Kill | None) -> None:
        """From now to the end of the story."""
        opens = self._stage.opens
        self._look()
        run_the_day(self._stage.drill, opens, speed)
        if self._stage.fast_drill.exists():
            copy_fast(self._stage.drill, self._stage.fast_drill)
        self._view.say(self._clock.now(), "the day runs")
        while not self._over():
            if kill and self._clock.now() >= opens + kill.after:
                self._company.kill(kill.name)
                self._view.say(self._clock.now(), f"kill -9 of the {kill.name}")
                kill = None
            self._look()

    def linger(self) -> None:
        """Keep everybody on stage, at an even pace, until Ctrl-C."""
        run_the_day(self._stage.drill, self._stage.opens, 1.0)
        try:
            while True:
                self._company.tend()
                time.sleep(GLANCE)
        except KeyboardInterrupt:
            return

    def _over(self) -> bool:
        """The story is told: recovered, users told so, the platform's last word in the report."""
        if self._clock.now() > self._stage.opens + LONGEST:
            return True
        if not {"recovered", "fix_reported", "ticket_updated"} <= self.said:
            return False
        drafts = [f["details"]["facts"] for f in self._facts if f["kind"] == "report_drafted"]
        others = [f["n"] for f in self._facts if f["kind"] != "report_drafted"]
        return bool(drafts) and max(drafts) >= max(others)

    def _look(self) -> None:
        time.sleep(GLANCE)
        self._company.tend()
        for name in self._company.restarts[self._restarts :]:
            self._view.say(self._clock.now(), f"{name} started again")
            self._restarts += 1
        after = self._facts[-1]["n"] if self._facts else 0
        try:
            answer = requests.get(
                f"{self._stage.timeline}.json", params={"after": after}, timeout=2
            )
            new = answer.json()["facts"] if answer.ok else []
        except (requests.RequestException, ValueError):
            new = []  # the desk is down for a moment; the next look catches up
        for fact in new:
            self._facts.append(fact)
            self._view.show(fact)
            if fact["kind"] == "report_drafted":
                self.drafted = Instant.parse(fact["at"])
        self._view.tick(self._clock.now())

    def _write_desk(self, key: SigningKey, broken: Break | None) -> None:
        stage = self._stage
        stage.desk_home.mkdir(parents=True)
        secret = stage.desk_home / "desk.key"
        secret.touch(mode=0o600)
        secret.write_text(key.secret())
        gate_key = GateKey.new()
        stage.gate_key.touch(mode=0o600)
        stage.gate_key.write_text(gate_key.secret())
        lines = [
            f"site = {_text(stage.url('gate'))}",
            f"producer = {_text(PRODUCER)}",
            f"drill = {_text(str(stage.drill))}",
        ]
        if broken is not Break.REPORT_GAP:
            lines += ["[contact]", *(f"{name} = {_text(value)}" for name, value in CONTACT.items())]
        lines += ["[console]", f"address = {_text(stage.console)}"]
        for name in ("x", "linkedin", "news", "helpdesk"):
            lines += [
                f"[services.{name}]",
                f"url = {_text(stage.url(name))}",
                f"token = {_text(self._token)}",
                *([f"account = {_text(AUTHOR)}"] if name == "linkedin" else []),
            ]
        for name, network, _, _ in WITNESSES:
            lines += [
                "[[witnesses]]",
                f"name = {_text(name)}",
                f"network = {_text(network)}",
                f"token = {_text(f'{self._token}-{name}')}",
            ]
        lines += [
            "[[gates]]",
            f"name = {_text(GATE)}",
            f"public = {_text(gate_key.public)}",
            "[[pagers]]",
            'kind = "pagerduty"',
            f"url = {_text(stage.url('pagerduty'))}",
            f"token = {_text(self._token)}",
            "[[on_call]]",
            f"who = {_text(OFFICER)}",
            f"since = {(stage.opens - BEFORE).text()}",
            f"until = {(stage.opens + LONGEST).text()}",
            f"deputy = {_text(HEAD)}",
        ]
        settings = stage.desk_home / "desk.toml"
        settings.touch(mode=0o600)
        settings.write_text("\n".join(lines) + "\n")

    def _start_stand_ins(self, broken: Break | None) -> None:
        more: dict[str, list[str]] = {
            "platform": ["--fault", self._fault, *(f"--edge={edge}" for edge in EDGES)],
            "helpdesk": ["--fixed-at", (self._stage.opens + PLATFORM_FIXED).text()],
            "x": [],
            "linkedin": [],
            "news": [],
            "pagerduty": [],
        }
        if broken is Break.NO_RECOVERY:
            more["platform"].append("--never-recovers")
        if broken is Break.SILENT_HELP_DESK:
            more["helpdesk"] += ["--fault", "silent"]
        if broken is Break.DOUBLED_POST:
            more["x"] += ["--fault", "doubled"]
        for name, options in more.items():
            self._company.start(
                name,
                *("standin", name, "--listen", self._listen(name), "--token", self._token),
                *("--seed", str(self._seed), "--drill", str(self._stage.drill)),
                *("--log", str(self._stage.log(name)), *options),
            )
        for name in more:
            self._company.wait_for(name, "ready")

    def _start_rooms(self, key: SigningKey, broken: Break | None) -> None:
        stage = self._stage
        gate_clock = stage.drill
        if broken is Break.EARLY_BYTE:
            gate_clock = stage.fast_drill
            copy_fast(stage.drill, gate_clock)
        home = str(stage.desk_home)
        self._company.start("desk", "desk", "--home", home, "--listen", self._listen("desk"))
        self._company.wait_for("desk", "ready")
        self._company.start(
            "gate",
            *("gate", str(stage.home / "gate"), "--from", f"{home}/shelf", "--name", GATE),
            *("--gate-key", str(stage.gate_key)),
            *("--key", key.public, "--listen", self._listen("gate"), "--drill", str(gate_clock)),
        )
        self._company.start("runner", "runner", "--home", home)
        host, port = stage.listen("platform")
        for name, network, address, edge in WITNESSES:
            self._company.start(
                name,
                *("witness", "--name", name, "--network", network, "--from", address),
                *("--via", f"{host}:{port}={edge}", "--desk", stage.url("desk")),
                *("--token", f"{self._token}-{name}", "--key", key.public),
                *("--journal", str(stage.home / name), "--drill", str(stage.drill)),
            )
        for name in ("gate", "runner", *(name for name, *_ in WITNESSES)):
            self._company.wait_for(name, "ready")

    def _let_people_work(self, files: Path, title: str, *, alone: bool) -> None:
        stage = self._stage
        self._company.start(
            "people",
            *("demo-people", "--home", str(stage.desk_home), "--files", str(files)),
            *("--title", title, "--promised", str(stage.promised)),
            *("--announced", stage.announced, "--platform", stage.url("platform")),
            *("--platform-token", self._token, "--seed", str(self._seed)),
        )
        self._company.finish("people")
        if not alone:
            self._company.start("on-call", "demo-on-call", "--home", str(stage.desk_home))
            self._company.wait_for("on-call", "ready")

    def _start_reader(self, files: Path) -> None:
        stage = self._stage
        gate = stage.url("gate")
        plan = {
            "opens": stage.opens.text(),
            "until": (stage.opens + LONGEST).text(),
            "alternate": {
                "page": gate + PATH,
                "files": {
                    name: f"{gate}{PATH}/{name}" for name in contents_of(files) if name != PAGE
                },
                "feed": f"{gate}/feed.atom",
            },
            "announced": {"page": stage.announced, "edges": list(EDGES)},
            "files_dir": str(files),
            "seed": self._seed,
        }
        place = stage.home / "reader.json"
        place.write_text(json.dumps(plan))
        self._company.start(
            "reader",
            *("standin", "reader", "--plan", str(place), "--drill", str(stage.drill)),
            *("--log", str(stage.log("reader"))),
            once=True,
        )
        self._company.wait_for("reader", "ready")

    def _listen(self, name: str) -> str:
        host, port = self._stage.listen(name)
        return f"{host}:{port}"


def _text(value: str) -> str:
    """A text as TOML writes it: its basic strings are JSON's."""
    return json.dumps(value)
