"""Every error raised on purpose.

NinethirtyError
├── TimeError
│   ├── NotAnInstant      a moment without a zone, or not in UTC
│   ├── UnknownZone       no such zone in the time-zone database
│   ├── NoSuchTime        the wall clock skips it on a clock-change day
│   └── AmbiguousTime     the wall clock shows it twice on a clock-change day
├── DocumentError
│   ├── Malformed         not the document it should be
│   ├── SealBroken        bytes and digest, or bytes and signature, differ
│   └── WrongKey          signed, but not by the key we trust
├── BundleRefused         a folder that cannot be a release
├── ScheduleRefused       keep the schedule in force; tell a person
│   ├── OlderVersion      not newer than what is in force
│   ├── FileMissing       names a file that no source gave us
│   ├── PathTaken         two documents claim one path
│   ├── DrillMixed        a drill document on a real clock, or the reverse
│   ├── NotLetIn          this gate is not on the keyring; says how to let it in
│   └── ClockNotTrusted   something new to open, offered to a gate that may not know the time
├── NotAllowed            this person may not do this now
├── OrderRefused          a watch order that must not be obeyed
│   └── OlderOrder        one issued later is in force
├── RunbookBroken         a step definition that cannot work
├── RecordError
│   ├── AlreadyHappened   a fact with this key is recorded; somebody else was first
│   ├── ChainBroken       a recorded fact, or a receipt, and its hash differ
│   └── UnknownFact       a kind of fact this version does not know
├── OutsideFailed         a service did not do what it was asked (retry: may it be asked again?)
├── NotYet                a step looked, and what it waits for is not so yet
├── NeverDone             no attempt at a step has acted, and this one is not going to
├── FormUnreadable        a paper that cannot be read as a breach report
└── CannotStart           a port taken, a setting missing: says what to change
"""


class NinethirtyError(Exception):
    """Root of the tree; its message is written to be shown to a person."""


class TimeError(NinethirtyError): ...


class NotAnInstant(TimeError): ...


class UnknownZone(TimeError): ...


class NoSuchTime(TimeError): ...


class AmbiguousTime(TimeError): ...


class DocumentError(NinethirtyError): ...


class Malformed(DocumentError): ...


class SealBroken(DocumentError): ...


class WrongKey(DocumentError): ...


class BundleRefused(NinethirtyError): ...


class ScheduleRefused(NinethirtyError): ...


class OlderVersion(ScheduleRefused): ...


class FileMissing(ScheduleRefused): ...


class PathTaken(ScheduleRefused): ...


class NotLetIn(ScheduleRefused): ...


class DrillMixed(ScheduleRefused): ...


class ClockNotTrusted(ScheduleRefused): ...


class NotAllowed(NinethirtyError): ...


class OrderRefused(NinethirtyError): ...


class OlderOrder(OrderRefused): ...


class RunbookBroken(NinethirtyError): ...


class RecordError(NinethirtyError): ...


class AlreadyHappened(RecordError): ...


class ChainBroken(RecordError): ...


class UnknownFact(RecordError): ...


class OutsideFailed(NinethirtyError):
    """An outside service failed us.

    retry: it may be asked again. happened_perhaps: it may have acted all the same (a time-out
    after the request was sent), so the service must be read before it is asked again. wait_s: for
    how many seconds it asked not to be asked again.
    """

    def __init__(
        self, message: str, *, retry: bool, happened_perhaps: bool = False, wait_s: int = 0
    ) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.retry = retry
        self.happened_perhaps = happened_perhaps


class NotYet(NinethirtyError): ...


class NeverDone(NinethirtyError): ...


class FormUnreadable(NinethirtyError): ...


class CannotStart(NinethirtyError): ...
