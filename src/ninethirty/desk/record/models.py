"""The only tables. Facts are kept for ever; rows hold what is true now, and can be erased."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Head(models.Model):
    """The end of a subject's chain. Locking it is what makes appending one at a time."""

    subject = models.CharField(max_length=100, primary_key=True)
    n = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class FactRow(models.Model):
    """A fact as stored. Triggers refuse update and delete (migration 0002)."""

    subject = models.CharField(max_length=100)
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    """When it happened; if it is not exact, when it had happened."""
    after = models.DateTimeField(null=True)
    exact = models.BooleanField()
    recorded = models.DateTimeField()
    actor = models.CharField(max_length=100)
    said_by = models.CharField(max_length=100, default="")
    key = models.CharField(max_length=200, unique=True)
    details = models.JSONField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "facts"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "n"], name="one_fact_per_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["recorded", "id"], name="facts_as_recorded"),
            models.Index(fields=["kind", "recorded", "id"], name="facts_of_a_kind"),
            models.Index(fields=["actor", "recorded", "id"], name="facts_by_somebody"),
        ]


class SignedHead(models.Model):
    """The end of a subject's chain in the newest signed digest. Derived from the facts `heads`."""

    subject = models.CharField(max_length=100, primary_key=True)
    n = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)


class Person(models.Model):
    """Somebody who acts. Facts name the id alone."""

    id = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    left = models.DateTimeField(null=True)
    """Since when they do not work here; their name is kept for a while."""
    erased = models.DateTimeField(null=True)


class WorksFor(models.Model):
    """A producer whose releases somebody works on. Whoever has none named works for the desk's own
    (`actions.whose.OWN`)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    producer = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "producer"], name="works_once_for_a_producer")
        ]


class Account(AbstractBaseUser):
    """By what a person signs in. Facts go on naming the person."""

    username = models.CharField(max_length=100, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    on_paper = models.BooleanField(default=False)
    """Its password lies sealed in a safe; using it pages somebody."""
    link = models.PositiveIntegerField(default=0)
    """How many one-time links were used or replaced; a link that names another number is over."""

    USERNAME_FIELD = "username"
    objects: ClassVar = BaseUserManager["Account"]()


class Attempt(models.Model):
    """How often somebody tried to sign in of late: the table of Django's cache."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "attempts"


class Producer(models.Model):
    """Who issues statistics."""

    id = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    about = models.TextField(default="")
    url = models.CharField(max_length=500, default="")
    contact = models.JSONField(default=dict)
    """name, email, telephone."""
    promises = models.JSONField(default=dict)
    """Where its rules differ from those of desk.toml: the same table, with dates as texts."""


class Series(models.Model):
    """What comes out in editions."""

    id = models.CharField(max_length=60, primary_key=True)
    producer = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=300)
    rhythm = models.CharField(max_length=20, default="")
    about = models.TextField(default="")
    status = models.CharField(max_length=100, default="")
    """Official, accredited and so on, as the producer says it."""
    keywords = models.JSONField(default=list)


class Release(models.Model):
    """An edition of a series, as it stands now."""

    id = models.CharField(max_length=100, primary_key=True)
    title = models.CharField(max_length=300)
    series = models.CharField(max_length=60, default="", db_index=True)
    summary = models.TextField(default="")
    opens = models.CharField(max_length=80)
    """The promise: wall time and zone, as "2026-12-01 09:30 Europe/London"."""
    provisional = models.CharField(max_length=40, default="")
    """The promise while it is no exact date, and `opens` is empty: "2026-12"."""
    unscheduled = models.BooleanField(default=False)
    """It was not in the calendar beforehand."""
    leave = models.CharField(max_length=100, default="")
    """Reference of the leave to depart from the usual time, if it does."""
    source = models.CharField(max_length=300, default="", db_index=True)
    """Where the promise was taken from, if it was made elsewhere: "gov.uk /government/..."."""
    source_version = models.CharField(max_length=40, default="")
    """How new it was there; what sorts before it is older, and not taken."""
    path = models.CharField(max_length=300)
    announced = models.URLField(max_length=500)
    manifest = models.JSONField(null=True)
    seal = models.CharField(max_length=64, default="")
    key = models.CharField(max_length=64, default="")
    """Under which the watch order names its contents; secret until T."""
    order = models.BinaryField(default=b"")
    """The signed watch order."""
    ticket = models.CharField(max_length=40, default="")
    stage = models.CharField(max_length=20, default="")
    """Derived from the facts, as `core.release.stage` says."""
    closed = models.BooleanField(default=False)
    """Derived: no more steps are taken."""
    replaces = models.CharField(max_length=100, default="")
    """Of a correction: the id of the release that it corrects."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(closed=False), name="open_releases")
        ]


class Promised(models.Model):
    """A date in the calendar, in force or given up. Derived from the facts."""

    release = models.CharField(max_length=100)
    n = models.PositiveIntegerField()
    """Number of the fact."""
    promise = models.CharField(max_length=80)
    """Wall time and zone, or a month or range."""
    since = models.DateTimeField()
    month = models.CharField(max_length=7)
    """Of its first day, as 2026-12."""
    opens = models.DateTimeField(null=True, db_index=True)
    """T, as it was reckoned when it was promised; only to find what is near."""
    reason = models.BigIntegerField(null=True)
    """Id of the message that says why it is not the one before."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["month", "release"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "n"], name="one_promise_per_fact")
        ]


class SightingRow(models.Model):
    """One look of a witness. The key makes one sent twice be stored once."""

    key = models.CharField(max_length=300, unique=True)
    release = models.CharField(max_length=100)
    channel = models.CharField(max_length=40)
    started = models.DateTimeField()
    n = models.PositiveBigIntegerField()
    """Counts from 1 within the release, in the order in which they can be read. Ids cannot: they
    are taken before the commit, so that a higher one may be seen first."""
    document = models.JSONField()

    class Meta:
        db_table = "sightings"
        indexes: ClassVar = [models.Index(fields=["release", "channel", "started"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "n"], name="one_sighting_per_number")
        ]


class SightingCount(models.Model):
    """How many sightings of a release there are. Locking it makes storing them one at a time."""

    release = models.CharField(max_length=100, primary_key=True)
    n = models.PositiveBigIntegerField(default=0)


class Message(models.Model):
    """The text of something said: a post, a ticket, an answer. Facts name its id."""

    subject = models.CharField(max_length=100)
    channel = models.CharField(max_length=40)
    about = models.CharField(max_length=40, default="")
    """late, update, recovered, corrected: what a notice is about."""
    at = models.DateTimeField()
    key = models.CharField(max_length=200, unique=True)
    """Its effect key: every attempt at the same act has the same."""
    title = models.CharField(max_length=400, default="")
    text = models.TextField()
    link = models.CharField(max_length=500, default="")
    service_id = models.CharField(max_length=200, default="")
    url = models.CharField(max_length=500, default="")
    erased = models.DateTimeField(null=True)
    """The row and its key stay, so that nobody says it again; the words are gone."""

    @property
    def is_out(self) -> bool:
        """Where it was said, or as what, is known."""
        return bool(self.service_id or self.url)


class Breach(models.Model):
    """An entry of the register, as it stands now. Its facts are on the subject breach/REFERENCE."""

    reference = models.CharField(max_length=60, unique=True)
    """Stable: br-2018-0001; what the sender called it, if another installation sent it."""
    release = models.CharField(max_length=100, default="", db_index=True)
    title = models.CharField(max_length=300)
    producer = models.CharField(max_length=200)
    platform = models.CharField(max_length=200, default="")
    kind = models.CharField(max_length=40, default="")
    cause = models.CharField(max_length=60, default="")
    occurred = models.DateField(null=True)
    known = models.DateTimeField()
    """When the producer knew of it: targets run from then."""
    delay_s = models.BigIntegerField(null=True)
    """Seconds from T to public at the announced address, at most."""
    stage = models.CharField(max_length=20, default="")
    """Derived from the facts, as `core.report.stage` says."""
    version = models.PositiveIntegerField(default=0)
    """Of the report, the newest; `public_version` is what the public sees, 0 for none."""
    public_version = models.PositiveIntegerField(default=0)
    sender = models.CharField(max_length=200, default="")
    """Which installation sent it; empty of our own."""
    sample = models.BooleanField(default=False)
    """Only to show how it looks; never counted with what is real."""
    source = models.CharField(max_length=500, default="")
    """Of one that was imported: where the register it comes from keeps it."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["producer", "occurred"]),
            models.Index(fields=["stage", "known"]),
        ]


class BreachTerm(models.Model):
    """What an entry is found by: a word of its title, or a filter such as kind:late. Read from the
    newest entry on, by the index."""

    term = models.CharField(max_length=220)
    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "breach"], name="one_term_per_breach")
        ]


class BreachVersion(models.Model):
    """A version of a report, whole. A new one has a reason, and the old ones stay."""

    breach = models.ForeignKey(Breach, on_delete=models.CASCADE)
    n = models.PositiveIntegerField()
    at = models.DateTimeField()
    reason = models.TextField(default="")
    document = models.JSONField()
    """As `core.breach_document` writes it."""
    drafted = models.JSONField(null=True)
    """Of one in which new facts met people's edits: the draft alone, as it was then."""
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "n"], name="one_version_per_number")
        ]


class CorrectiveAction(models.Model):
    """What was promised so that it does not come back."""

    breach = models.ForeignKey(Breach, on_delete=models.CASCADE)
    n = models.PositiveIntegerField()
    what = models.TextField()
    owner = models.CharField(max_length=100)
    """A role, not a name."""
    due = models.DateField()
    done = models.DateTimeField(null=True)
    evidence = models.TextField(default="")
    """What shows that it is done: a sentence or an address."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "n"], name="one_action_per_number")
        ]
        indexes: ClassVar = [models.Index(fields=["done", "due"])]


class Answer(models.Model):
    """What a body gave back on a report that was sent to us, signed; the sender asks for it."""

    breach = models.ForeignKey(Breach, on_delete=models.CASCADE)
    key = models.CharField(max_length=64, unique=True)
    """Digest of the signed bytes."""
    document = models.BinaryField()


class Problem(models.Model):
    """One fault of a platform, however many releases and producers it hit."""

    id = models.CharField(max_length=60, primary_key=True)
    platform = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    closed = models.BooleanField(default=False)


class ProblemPart(models.Model):
    """A release hit by a problem, its producer, and the ticket and report if there are any."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE)
    release = models.CharField(max_length=100)
    producer = models.CharField(max_length=200)
    ticket = models.CharField(max_length=40, default="")
    reference = models.CharField(max_length=60, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "release"], name="hit_once_by_a_problem")
        ]


class PublishedPeriod(models.Model):
    """A period report that is public, and the breaches it lists."""

    path = models.CharField(max_length=300, unique=True)
    title = models.CharField(max_length=400)
    breaches = models.ManyToManyField(Breach)


class KeptPromise(models.Model):
    """How one promise was kept, in milliseconds from T (null: no bound). Derived from facts, or the
    word of a platform about itself."""

    release = models.CharField(max_length=100)
    title = models.CharField(max_length=300, default="")
    series = models.CharField(max_length=300)
    producer = models.CharField(max_length=200)
    platform = models.CharField(max_length=200)
    promised = models.DateTimeField()
    anywhere_over = models.BigIntegerField(null=True)
    anywhere_most = models.BigIntegerField(null=True)
    announced_over = models.BigIntegerField(null=True)
    announced_most = models.BigIntegerField(null=True)
    source = models.CharField(max_length=40)
    cause = models.CharField(max_length=60, default="")
    reference = models.CharField(max_length=60, default="")
    """Of its breach report, if there is one."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "source"], name="kept_once_by_each_source")
        ]
        indexes: ClassVar = [
            models.Index(fields=["promised"]),
            models.Index(fields=["platform", "promised"]),
            models.Index(fields=["producer", "promised"]),
        ]


class Subscription(models.Model):
    """Somebody asked to be told by mail. Of them we keep the address, and nothing else."""

    ref = models.CharField(max_length=32, unique=True)
    """What the links in our mail name it by: random, in hexadecimal."""
    address = models.CharField(max_length=254)
    topic = models.CharField(max_length=100)
    """Path of the page of a series or a producer."""
    late = models.BooleanField(default=False)
    asked = models.DateTimeField()
    confirmed = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, default="")
    """bounced, complained: why mail to it was stopped."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "address"], name="told_once_of_a_topic")
        ]
        indexes: ClassVar = [models.Index(fields=["address"])]


class Delivery(models.Model):
    """A message on its way to one subscription, which may be gone by now. One a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False)
    subscription = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    """waiting; taken; sent; refused; gone; unknown: nobody knows whether it was sent."""
    holder = models.CharField(max_length=40, default="")
    """The runner that has taken it."""
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    """Since when it is so; of one that waits, not before then."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "subscription"], name="mailed_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["message", "id"],
                condition=models.Q(state__in=["waiting", "taken"]),
                name="mail_to_send",
            )
        ]


class Reader(models.Model):
    """Somebody who may see a release early. Facts name the id alone."""

    name = models.CharField(max_length=200)
    address = models.CharField(max_length=254)
    """Where their link and their codes are mailed; nobody else's."""
    job = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    erased = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("address"),
                condition=~models.Q(address=""),
                name="one_reader_per_address",
            )
        ]


class AccessList(models.Model):
    """Under which law a release is shown early. Its facts are on the subject access:RELEASE."""

    release = models.CharField(max_length=100, primary_key=True)
    law = models.CharField(max_length=40)
    sensitive = models.BooleanField(default=False)
    """It can move a market."""


class AccessEntry(models.Model):
    """A reader on the list of a release: for which job and purpose, and for how long."""

    release = models.CharField(max_length=100, db_index=True)
    reader = models.ForeignKey(Reader, on_delete=models.PROTECT)
    job = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    tier = models.CharField(max_length=40)
    begins = models.PositiveIntegerField()
    """Minutes before T; `ends` too."""
    ends = models.PositiveIntegerField(default=0)
    written_by = models.CharField(max_length=40)
    """The person who wrote it as it is now."""
    reason = models.BigIntegerField(null=True)
    """Id of the message that says why it is longer than the ceiling, or why the press."""
    confirmed = models.CharField(max_length=80, default="")
    """The promise for which it was confirmed as it is now."""
    revoked = models.DateTimeField(null=True)
    expired = models.DateTimeField(null=True)
    """Since when they have another job."""
    accepted = models.DateTimeField(null=True)
    """Since when they have taken the duties on."""
    link = models.PositiveIntegerField(default=0)
    """Number of the personal link that is good; each new one ends the one before."""
    code = models.CharField(max_length=64, default="")
    """Digest of the code that was mailed last, until it is used."""
    code_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a wrong code was typed in since."""
    browser = models.CharField(max_length=100, default="")
    """Public key of the one browser in which they are signed in."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "reader"],
                condition=models.Q(revoked=None, expired=None),
                name="listed_once_for_a_release",
            )
        ]
