"""Write the list of those who see a release early: whom, for which job, what for, how long."""

from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.access import Tier, ceiling_on, check_may, check_within, window
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.naming import check_title
from ninethirty.core.subscription import read_address
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.access.act import (
    acting,
    ceiling_of,
    days_off_of,
    entry_of,
    note,
    standing_entries,
    subject_of,
)
from ninethirty.desk.actions.act import kept, release_of
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.models import AccessEntry, AccessList, Reader, Release
from ninethirty.desk.setup import setup

READERS = "readers"
"""Its head is locked by whoever writes a reader, so that no two get one address."""

MOST_MINUTES = 60 * 24 * 60


@dataclass(frozen=True)
class Who:
    name: str
    address: str
    job: str
    organisation: str


@dataclass(frozen=True)
class For:
    """begins, ends: minutes before T. reason: why longer than the ceiling, or why the press."""

    purpose: str
    begins: int
    ends: int = 0
    tier: Tier = Tier.LISTED
    reason: str = ""


def begin_list(release: str, law: str, *, sensitive: bool = False, by: str) -> Fact:
    """Say by which law it is; another law voids what was confirmed under the one before.

    Raises NotAllowed: no such law.
    """
    with acting(release, Kind.ACCESS_CHANGED, by) as row:
        ceiling_on(law, WallTime.parse(row.opens).local.date(), sensitive=sensitive)
        told = {"law": law, "sensitive": sensitive}
        AccessList.objects.update_or_create(release=release, defaults=told)
        AccessEntry.objects.filter(release=release).update(confirmed="", written_by=by)
        return note(release, Kind.ACCESS_CHANGED, by, **told)


def add_entry(release: str, who: Who, what: For, *, by: str) -> AccessEntry:
    """It shows nothing until the head of profession has confirmed it.

    Raises:
        NotAllowed: longer than the ceiling, without a reason; somebody else's address; listed
        already. Malformed: no address.
    """
    with acting(release, Kind.ACCESS_ADDED, by, READERS) as row:
        reader = _reader(who)
        if any(one.reader_id == reader.id for one in standing_entries(release)):
            raise NotAllowed(f"{release}: {reader.name} is on its list already; change that entry")
        entry = AccessEntry(
            release=release,
            reader=reader,
            job=reader.job,
            organisation=reader.organisation,
            tier=str(what.tier),
        )
        return _write(entry, row, what, Kind.ACCESS_ADDED, by)


def change_entry(release: str, entry: int, what: For, *, by: str) -> AccessEntry:
    """From now on it shows nothing, until it is confirmed as it is then. Raises as `add_entry`."""
    with acting(release, Kind.ACCESS_CHANGED, by) as row:
        return _write(entry_of(entry, release), row, what, Kind.ACCESS_CHANGED, by)


def repeat_list(release: str, earlier: str, *, by: str) -> list[AccessEntry]:
    """Write the entries of an earlier release's list again, to be confirmed anew; those whose job
    has changed, and those longer than the ceiling, are left out.

    Raises NotAllowed: there is no such list, or they work for the producer of one of them alone.
    """
    for one in (release, earlier):
        role_on(one, by)
    listed = AccessList.objects.filter(release=earlier).first()
    if listed is None:
        raise NotAllowed(f"{earlier}: has no list")
    release_of(release)
    if not AccessList.objects.filter(release=release).exists():
        begin_list(release, listed.law, sensitive=listed.sensitive, by=by)
    there = {entry.reader_id for entry in standing_entries(release)}
    made = []
    for entry in standing_entries(earlier):
        reader = entry.reader
        if entry.reader_id in there or entry.reason is not None or reader.erased:
            continue
        who = Who(reader.name, reader.address, reader.job, reader.organisation)
        tier = Tier(entry.tier)  # type: ignore[call-arg]  # looked up by value alone
        told = For(entry.purpose, entry.begins, entry.ends, tier)
        made.append(add_entry(release, who, told, by=by))
    return made


def revoke(release: str, entry: int, *, by: str) -> Fact:
    """At once: the next thing they ask for is refused. Raises NotAllowed."""
    with acting(release, Kind.ACCESS_REVOKED, by):
        row = entry_of(entry, release)
        row.revoked = setup().clock().now()
        row.browser, row.code = "", ""
        row.save(update_fields=["revoked", "browser", "code"])
        return note(release, Kind.ACCESS_REVOKED, by, entry=entry, reader=row.reader_id)


def change_job(reader: int, job: str, organisation: str, *, by: str) -> list[Fact]:
    """Whatever they were listed for in their old job ends. Raises NotAllowed."""
    check_may(Kind.ACCESS_EXPIRED, role_of(by), by)
    row = Reader.objects.filter(id=reader, erased=None).first()
    if row is None:
        raise NotAllowed(f"reader {reader}: there is none")
    _check_texts({"job": job, "organisation": organisation})
    listed = AccessEntry.objects.filter(reader=row, revoked=None, expired=None)
    told = []
    # The row first: whoever lists them from now on lists them for the new job.
    Reader.objects.filter(id=reader).update(job=job, organisation=organisation)
    for entry in listed.order_by("release"):
        with acting(entry.release, Kind.ACCESS_EXPIRED, by):
            changed = listed.filter(id=entry.id).update(
                expired=setup().clock().now(), browser="", code=""
            )
            if changed:
                found = {"entry": entry.id, "reader": reader}
                told.append(note(entry.release, Kind.ACCESS_EXPIRED, by, **found))
    return told


def _write(entry: AccessEntry, row: Release, what: For, kind: Kind, by: str) -> AccessEntry:
    opens = WallTime.parse(row.opens)
    _check_texts({"purpose": what.purpose})
    if not 0 <= what.begins <= MOST_MINUTES:
        raise NotAllowed(f"access begins at most {MOST_MINUTES // 60 // 24} days before release")
    asked = window(opens, timedelta(minutes=what.begins), timedelta(minutes=what.ends))
    if what.tier is Tier.PRESS and not what.reason.strip():
        raise NotAllowed("the press sees it early only by leave: give its reference as the reason")
    extended = False
    if what.tier is not Tier.OPERATIONAL:
        try:
            check_within(asked, opens, ceiling_of(row), days_off_of(row))
        except NotAllowed:
            if not what.reason.strip() or not AccessList.objects.filter(release=row.id).exists():
                raise
            extended = True
    subject = subject_of(row.id)
    reason = kept(subject, Kind.ACCESS_EXTENDED, what.reason) if what.reason.strip() else None
    entry.purpose, entry.tier = what.purpose.strip(), str(what.tier)
    entry.begins, entry.ends = what.begins, what.ends
    entry.written_by, entry.confirmed, entry.reason = by, "", reason
    entry.save()
    told = {"entry": entry.id, "reader": entry.reader_id, "tier": entry.tier}
    hours = {"since": asked.since.text(), "until": asked.until.text()}
    note(row.id, kind, by, **told, **hours)
    if extended:
        note(row.id, Kind.ACCESS_EXTENDED, by, **told, reason_kept=reason)
    return entry


def _reader(who: Who) -> Reader:
    """Known by their address. Raises NotAllowed, Malformed."""
    address = read_address(who.address)
    told = {"name": who.name, "job": who.job, "organisation": who.organisation}
    _check_texts(told)
    found = Reader.objects.filter(address__iexact=address).first()
    if found is None:
        return Reader.objects.create(address=address, **told)
    if found.name != who.name:
        raise NotAllowed(
            f"{address} is {found.name}'s: a link and a code sent there would reach two people. "
            f"Ask for an address that {who.name} alone reads"
        )
    if (found.job, found.organisation) != (who.job, who.organisation):
        raise NotAllowed(
            f"{found.name} is known as {found.job}, {found.organisation}. If that has changed, say "
            "so first (change of job): it ends what they were listed for"
        )
    return found


def _check_texts(told: dict[str, str]) -> None:
    for name, text in told.items():
        if not text.strip():
            raise NotAllowed(f"{name}: say it, it is kept with the list")
        check_title(name, text, longest=300 if name == "purpose" else 200)
