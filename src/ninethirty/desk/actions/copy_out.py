"""Put a release on a place that cannot compare clocks: staged, made public at T, and read back.

Unlike a gate it takes work at T, so it can be late; how late is measured and recorded.
"""

from ninethirty.core.document import digest, keyed
from ninethirty.core.errors import NotYet, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Stage, stage
from ninethirty.core.seal import PAGE
from ninethirty.core.times import Interval, WallTime
from ninethirty.desk.actions.bundle import manifest_of, page_of
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.outside.copies.places import place
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def stage_copy(work: Work, number: int) -> list[Happened]:
    """Raises NotYet: not armed, so that what was approved may still change. OutsideFailed."""
    _check_armed(work)
    files = _files(work.release)
    place(setup().copies[number]).stage(_private(work.release), files)
    told = {"copy": number, "files": len(files), "seal": work.release.seal}
    # Of a bundle that was armed anew: another fact, for another seal.
    return [Happened(Kind.COPY_STAGED, None, f"copy/{number}/staged", told)]


def open_copy(work: Work, number: int) -> list[Happened]:
    """Raises NotYet: before T, or held. OutsideFailed, also if what stands there is not what was
    sealed."""
    promised, before = WallTime.parse(work.release.opens).resolve(), setup().clock().now()
    if before < promised:
        raise NotYet(f"copies[{number}] opens at {promised.text()}")
    _check_armed(work, Stage.PUBLIC, Stage.WITNESSED)
    files, private = _files(work.release), _private(work.release)
    copy = place(setup().copies[number])
    if work.attempt > 1 or not _staged(work, number):
        copy.stage(private, files)  # An earlier attempt may have moved some of it.
    copy.open(private, work.release.path, list(files))
    for name, content in files.items():
        if digest(copy.read(work.release.path, name)) != digest(content):
            raise OutsideFailed(f"copies[{number}]: {name} is not what was sealed", retry=True)
    now = setup().clock().now()
    told = {
        "copy": number,
        "files": len(files),
        "late_ms": int((now - promised).total_seconds() * 1000),
    }
    return [Happened(Kind.COPY_PUBLIC, Interval(before, now), f"copy/{number}/public", told)]


def _check_armed(work: Work, *also: Stage) -> None:
    reached = stage(work.facts)
    if reached not in (Stage.ARMED, *also):
        raise NotYet(f"the release is {reached}, not armed")


def _staged(work: Work, number: int) -> bool:
    """The bundle that is armed now, not one that was taken back."""
    staged = [fact for fact in work.facts if fact.kind is Kind.COPY_STAGED]
    seals = [fact.details["seal"] for fact in staged if fact.details["copy"] == number]
    return seals[-1:] == [work.release.seal]


def _files(release: Release) -> dict[str, bytes]:
    """By name, in the order in which they may appear: the page that links to the others last."""
    manifest = manifest_of(release)
    files = {
        file.name: setup().shelf().read(file.digest) for file in manifest.files if file.name != PAGE
    }
    return files | {PAGE: page_of(manifest, release.seal).encode()}


def _private(release: Release) -> str:
    """The same on every attempt; nobody without our key can tell it."""
    return keyed(setup().key().secret().encode(), f"copy {release.id} {release.seal}")[:32]
