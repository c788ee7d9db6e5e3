"""One part of one release, looked at again and again by one witness: when, and when not.

The cadence of `detection.md` section 3.4. How often a page is looked at stands in `core/watch.py`;
this module adds files, listings, notices, controls and decoys.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from posixpath import basename
from urllib.parse import unquote, urlsplit

from ninethirty.core.reported import Reported
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.times import Instant
from ninethirty.core.watch import CONTROL, Channel, Part, Sort, WatchOrder, interval
from ninethirty.witness.calm import Calm, is_there
from ninethirty.witness.onward import host_of, may_follow
from ninethirty.witness.probe import Look, Probe, beside
from ninethirty.witness.reading import Reading

WATCHED_FOR = timedelta(hours=24)
"""After T."""

VERDICT_MARGIN = timedelta(seconds=15)
"""Past the second grace. Until then the cadence does not drop, however calm it looks: a verdict of
late or wrong rests on two looks in a row, and a wrong page can be as calm as the right one."""

ASKED_AGAIN = timedelta(seconds=5)
"""While it may not look, how long until it asks again whether it may."""

SELDOM = timedelta(seconds=60)
"""Before T, at what is not the page; in an incident, at files; after it, at controls."""

FILE_AGAIN = timedelta(seconds=10)
REST = 10
"""A file that came the same twice is not asked for again before ten times as long as it took: a
release of 200 MB should not be fetched without a pause."""

LISTING_AGAIN = timedelta(seconds=10)

CONTROL_AGAIN = timedelta(seconds=5)
CONTROL_INCIDENT = timedelta(seconds=30)
CONTROLS_FROM = timedelta(seconds=60)
"""Before T. Until then they are seldom looked at."""

LONGEST_REST = timedelta(hours=1)
"""Between two looks at a file or listing that was right and stayed so; until then a third of the
time since T."""

_NO_TIME = timedelta(0)

DECOY_AGAIN = timedelta(minutes=10)

BUSTED_BY = 2
"""So many witnesses look past the caches each second after T; the others seldomer."""


@dataclass(frozen=True)
class Seat:
    """Which of the witnesses of an order this one is. They take turns where one is enough."""

    n: int = 0
    of: int = 1

    def share(self, whole: timedelta) -> timedelta:
        return whole * self.n / self.of


@dataclass
class Scene:
    """What one witness knows of one channel while it watches it."""

    order: WatchOrder
    channel: Channel
    probe: Probe
    seat: Seat
    page_there: bool = False
    decoys: dict[str, str] = field(default_factory=dict)
    """The words at a made-up address, by folder."""
    errands: list["Errand"] = field(default_factory=list)
    stopped: bool = False
    """A newer order has taken its place."""

    def __post_init__(self) -> None:
        self._calm = Calm([part.name for part in self.channel.parts])

    def add(self, look: Sighting) -> None:
        if look.view is View.USER:
            self._calm.add(look)
            if look.part == self.channel.page.name:
                self.page_there = is_there(look)

    def files(self) -> list["Errand"]:
        return [
            one
            for one in self.errands
            if one.part.sort is Sort.FILE and one.view is View.USER and not one.decoy
        ]

    def told(self, reported: Reported) -> None:
        """Follow what the platform's record says: files it lists by the names of ours are looked at
        where it says that they are, and of a page that was moved the record is read there."""
        listed = {file_name(url): url for url in reported.attachments}
        for errand in self.errands:
            if errand.part.sort is Sort.FILE and not errand.decoy:
                errand.led_to(listed.get(errand.part.name, ""))
            elif errand.part.sort is Sort.RECORD and reported.leads_to:
                api = errand.part.url.removesuffix(urlsplit(self.channel.page.url).path)
                errand.led_to(api + reported.leads_to)

    def graces_over(self, now: Instant) -> bool:
        return now >= self.order.opens + self.order.policy.confirmed_after + VERDICT_MARGIN

    def settled(self, now: Instant) -> bool:
        return self.graces_over(now) and bool(self._calm)

    def incident(self, now: Instant) -> bool:
        """It is being answered for: late, or in part, or wrong, as far as one witness can tell."""
        return self.graces_over(now) and not self._calm


class Errand:
    """due: when it wants to look next. `decoy` errands look at an address that nobody has made."""

    def __init__(
        self, scene: Scene, part: Part, view: View, due: Instant, *, decoy: bool = False
    ) -> None:
        self.scene = scene
        self.part = part
        self.view = view
        self.decoy = decoy
        self.due = due
        self.host = urlsplit(part.url).netloc
        self._address = ""
        self.number = 0
        """Of its place in the queue: an earlier place is void."""
        self._took = _NO_TIME
        self._digest = ""

    def led_to(self, address: str) -> None:
        """Look there from now on, if it is an address where a redirect might lead too."""
        known = {host_of(self.part.url), host_of(self.scene.channel.page.url)}
        if may_follow(address, known):
            self._address, self.host = address, urlsplit(address).netloc

    def over(self, now: Instant) -> bool:
        order = self.scene.order
        if self._leak_watch:
            return now >= order.opens
        return now >= order.opens + WATCHED_FOR and not order.harder(now)

    def overlaps(self, now: Instant) -> bool:
        """Whether its next look need not wait for this one. While everybody waits for the page, an
        answer that takes its time must not put off the next."""
        late = self.scene.order.policy.confirmed_after + VERDICT_MARGIN
        since = now - self.scene.order.opens
        page = self.part.sort is Sort.PAGE and self.view is View.USER and not self.decoy
        return page and _NO_TIME <= since < late

    @property
    def _leak_watch(self) -> bool:
        """Past the caches at a file: only before T, when an honest request could do harm."""
        return self.part.sort is Sort.FILE and self.view is View.BUSTED

    def plan(self, now: Instant, *, looked: bool) -> None:
        """Say when it is due next."""
        opens = self.scene.order.opens
        pause = self.pause(now)
        if looked and pause:
            # From when it was due, so that lateness does not add up; but what was missed is missed.
            self.due = max(now, self.due + max(pause, self._took * REST))
        else:
            self.due = now + (pause or ASKED_AGAIN)
        if now < opens and not self.decoy:
            at_t = opens + self.scene.seat.share(timedelta(seconds=1))
            self.due = min(self.due, at_t)

    def pause(self, now: Instant) -> timedelta | None:
        """How long between two looks now; None: it must not look."""
        if self.decoy:
            return DECOY_AGAIN
        match self.part.sort:
            case Sort.PAGE:
                return self._page(now)
            case Sort.FILE:
                return self._file(now)
            case Sort.LISTING | Sort.NOTICE | Sort.RECORD:
                return self._listing(now)
            case Sort.PLATFORM | Sort.UNRELATED:
                return self._control(now)

    def _page(self, now: Instant) -> timedelta | None:
        scene = self.scene
        pause = interval(scene.order, scene.channel, self.view, now, settled=scene.settled(now))
        if pause is None or self.view is View.USER:
            return pause
        if scene.order.harder(now):
            return pause  # Nobody leaves it to the others.
        if now < scene.order.opens:
            return pause * scene.seat.of
        return pause if scene.seat.n < BUSTED_BY else max(pause, timedelta(seconds=5))

    def _file(self, now: Instant) -> timedelta | None:
        scene = self.scene
        if now < scene.order.opens:
            # Before T a file may be out although its page is not: that is a leak.
            if self._leak_watch:
                return SELDOM * scene.seat.of
            quiet = now >= scene.order.opens - scene.channel.quiet
            watched_otherwise = scene.channel.quiet and scene.channel.cache_busting
            return None if watched_otherwise or (scene.channel.quiet and quiet) else SELDOM
        if not scene.page_there:
            return None
        if scene.settled(now):
            return self._seldomer(now)
        return SELDOM if scene.incident(now) else FILE_AGAIN

    def _listing(self, now: Instant) -> timedelta | None:
        scene = self.scene
        if now < scene.order.opens:
            quiet = now >= scene.order.opens - scene.channel.quiet
            return None if scene.channel.quiet and quiet else SELDOM
        if scene.settled(now):
            return self._seldomer(now)
        return CONTROL_INCIDENT if scene.incident(now) else LISTING_AGAIN

    def _control(self, now: Instant) -> timedelta:
        scene = self.scene
        if now < scene.order.opens - CONTROLS_FROM or scene.settled(now):
            return SELDOM
        return CONTROL_INCIDENT if scene.incident(now) else CONTROL_AGAIN

    def _seldomer(self, now: Instant) -> timedelta:
        return min(LONGEST_REST, max(SELDOM, (now - self.scene.order.opens) / 3))

    def look(self) -> Look:
        scene, part = self.scene, self.part
        if self.decoy:
            part = Part(part.name, beside(part.url))
        channel = CONTROL if part.sort in _CONTROLS else scene.channel.name
        decoy = scene.decoys.get(folder(part.url), "")
        address = "" if self.decoy else self._address
        return Look(scene.order, channel, scene.channel.page.url, part, self.view, decoy, address)

    def looked(self, sighting: Sighting, reading: Reading) -> bool:
        """Take in what was seen; whether it is a sighting to be written."""
        if self.decoy:
            if sighting.status:
                self.scene.decoys[folder(self.part.url)] = reading.text
            return False
        self.scene.add(sighting)
        if sighting.reported:
            self.scene.told(sighting.reported)
        if self.part.sort is Sort.FILE:
            # The second look is never put off: a wrong file is told by two.
            same = bool(sighting.digest) and sighting.digest == self._digest
            self._took = sighting.ended - sighting.started if same else _NO_TIME
            self._digest = sighting.digest
        return True


def folder(url: str) -> str:
    return url.rpartition("/")[0]


def file_name(url: str) -> str:
    """The name of the part that the file at this address is."""
    return unquote(basename(urlsplit(url).path)).replace(":", "-")


def errands(scene: Scene, now: Instant, *, controls: bool) -> list[Errand]:
    """All that one witness has to look at in a channel. controls: those of the order as well."""
    channel = scene.channel
    parts = [*channel.parts, *channel.notices, *channel.records]
    parts += scene.order.controls if controls else ()
    wanted = [Errand(scene, part, View.USER, now) for part in parts]
    if channel.cache_busting:
        wanted.append(Errand(scene, channel.page, View.BUSTED, now))
        wanted += [Errand(scene, file, View.BUSTED, now) for file in channel.files if channel.quiet]
    folders = {folder(part.url): part for part in (*channel.files, channel.page)}
    decoys = [Errand(scene, part, View.USER, now, decoy=True) for part in folders.values()]
    return [*decoys, *wanted]


_CONTROLS = {Sort.PLATFORM, Sort.UNRELATED}
