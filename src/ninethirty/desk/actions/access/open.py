"""Open something before its time: first the fact is written, then a byte goes out."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import transaction

from ninethirty.core.access import Mark
from ninethirty.core.browser_key import check_proof
from ninethirty.core.document import digest
from ninethirty.core.errors import AlreadyHappened, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.seal import PAGE, File, Manifest
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.access.act import subject_of
from ninethirty.desk.actions.access.link import Asking
from ninethirty.desk.actions.access.sign_in import use_code
from ninethirty.desk.actions.access.stands import check_stands
from ninethirty.desk.actions.act import release_of
from ninethirty.desk.actions.bundle import manifest_of
from ninethirty.desk.record.facts import append, lock
from ninethirty.desk.record.models import AccessEntry
from ninethirty.desk.setup import setup

LIST = ""
"""What a browser asks for that wants to know what there is to open."""

_REFUSALS_A_MINUTE = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Proof:
    """What shows who asks: what the browser signed, and when; or, without script, a code."""

    at: str = ""
    signed: str = ""
    code: str = ""


@dataclass(frozen=True)
class Opened:
    file: File
    manifest: Manifest
    seal: str
    mark: Mark


def open_file(asking: Asking, name: str, proof: Proof, *, by: str) -> Opened:
    """The fact is in the record, and on the disk, when this comes back.

    Raises NotAllowed: as `check_stands`; not signed in, or asked by another browser, or before.
    """
    wrong = ""
    with refused(asking, by=by), transaction.atomic():
        lock([subject_of(asking.release)])
        entry = check_stands(asking)
        release = release_of(asking.release)
        manifest = manifest_of(release)
        file = next((one for one in manifest.files if one.name == name), None)
        if file is None:
            raise NotAllowed("There is no such file in this release.")
        wrong = _proven(entry, asking, name, proof)
        if not wrong:
            copy = secrets.token_hex(4)
            _write(asking, entry, file, copy, proof, by)
    if wrong:
        note_refused(asking, wrong, by=by)
        raise NotAllowed(wrong)
    reader = entry.reader
    until = WallTime.parse(release.opens)
    mark = Mark(reader.name, entry.job, entry.organisation, until, copy)
    return Opened(file, manifest, release.seal, mark)


def list_files(asking: Asking, proof: Proof, *, by: str) -> tuple[str, tuple[File, ...]]:
    """Title of the release, and what there is to open in it. Raises as `open_file`."""
    with refused(asking, by=by):
        entry = check_stands(asking)
        if not entry.browser or not entry.accepted:
            raise NotAllowed("Sign in with a code first.")
        now = setup().clock().now()
        check_proof(entry.browser, asking.token, LIST, proof.at, proof.signed, now)
        return files_of(asking)


def files_of(asking: Asking) -> tuple[str, tuple[File, ...]]:
    """As `list_files`, of somebody who has just signed in; the page comes first."""
    manifest = manifest_of(release_of(asking.release))
    files = sorted(manifest.files, key=lambda file: (file.name != PAGE, file.name))
    return manifest.title, tuple(files)


@contextmanager
def refused(asking: Asking, *, by: str) -> Iterator[None]:
    """What is refused within is a fact too."""
    try:
        yield
    except NotAllowed as no:
        note_refused(asking, str(no), by=by)
        raise


def note_refused(asking: Asking, why: str, *, by: str) -> None:
    """Once a minute for the same: a link in the wrong hands must not fill the record."""
    now = setup().clock().now()
    told = digest(why.encode())[:16]
    subject = subject_of(asking.release)
    with suppress(AlreadyHappened):
        append(
            subject,
            Kind.ACCESS_REFUSED,
            at=now,
            recorded=now,
            actor=by,
            key=f"{subject}/{asking.entry}/{told}/{now:{_REFUSALS_A_MINUTE}}",
            details={"entry": asking.entry, "link": asking.number, "reason": why},
        )


def _proven(entry: AccessEntry, asking: Asking, name: str, proof: Proof) -> str:
    """Why it is not, or nothing."""
    if not entry.accepted:
        return "Sign in with a code first."
    if not proof.signed:
        return use_code(entry, asking, proof.code)
    if not entry.browser:
        return "Sign in with a code first."
    try:
        now = setup().clock().now()
        check_proof(entry.browser, asking.token, name, proof.at, proof.signed, now)
    except NotAllowed as no:
        return str(no)
    return ""


def _write(
    asking: Asking, entry: AccessEntry, file: File, copy: str, proof: Proof, by: str
) -> None:
    now, subject = setup().clock().now(), subject_of(asking.release)
    once = digest(f"{asking.entry} {proof.signed}".encode())[:32] if proof.signed else copy
    try:
        append(
            subject,
            Kind.ACCESS_OPENED,
            at=now,
            recorded=now,
            actor=by,
            key=f"{subject}/opened/{once}",
            details={"entry": entry.id, "file": file.name, "digest": file.digest, "copy": copy},
        )
    except AlreadyHappened as again:
        raise NotAllowed("This was asked for once already; press the button again.") from again
