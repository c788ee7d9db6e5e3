"""Producers, series, and every date promised so far; months and ranges promised."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ninethirty.core.times import WallTime


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The calendar, with what was promised before there was one."""
    facts = apps.get_model("record", "FactRow")
    promised = apps.get_model("record", "Promised")
    promised.objects.bulk_create(
        promised(
            release=fact.subject,
            n=fact.n,
            promise=fact.details["opens"],
            since=fact.recorded,
            month=fact.details["opens"][:7],
            opens=WallTime.parse(fact.details["opens"]).resolve(),
            reason=fact.details.get("reason_kept"),
        )
        for fact in facts.objects.filter(kind__in=["announced", "rescheduled"])
        if "opens" in fact.details and "corrects" not in fact.details
    )


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0003_said_by_and_heads"),
    ]

    operations = [
        migrations.CreateModel(
            name="Producer",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("about", models.TextField(default="")),
                ("url", models.CharField(default="", max_length=500)),
                ("contact", models.JSONField(default=dict)),
                ("promises", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("producer", models.CharField(db_index=True, max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("rhythm", models.CharField(default="", max_length=20)),
                ("about", models.TextField(default="")),
                ("status", models.CharField(default="", max_length=100)),
                ("keywords", models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name="release",
            name="leave",
            field=models.CharField(default="", max_length=100),
        ),
        migrations.AddField(
            model_name="release",
            name="provisional",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="release",
            name="series",
            field=models.CharField(db_index=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="release",
            name="source",
            field=models.CharField(db_index=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="release",
            name="source_version",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="release",
            name="summary",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="release",
            name="unscheduled",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                fields=["id"], condition=models.Q(closed=False), name="open_releases"
            ),
        ),
        migrations.CreateModel(
            name="Promised",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("release", models.CharField(max_length=100)),
                ("n", models.PositiveIntegerField()),
                ("promise", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("month", models.CharField(max_length=7)),
                ("opens", models.DateTimeField(db_index=True, null=True)),
                ("reason", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["month", "release"], name="record_prom_month_adaf88_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("release", "n"), name="one_promise_per_fact")
                ],
            },
        ),
        migrations.RunPython(fill),
    ]
