"""The register of breaches, their reports, problems of platforms, and how promises were kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0004_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("platform", models.CharField(max_length=200)),
                ("title", models.CharField(max_length=300)),
                ("closed", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=60, unique=True)),
                ("release", models.CharField(db_index=True, default="", max_length=100)),
                ("title", models.CharField(max_length=300)),
                ("producer", models.CharField(max_length=200)),
                ("platform", models.CharField(default="", max_length=200)),
                ("kind", models.CharField(default="", max_length=40)),
                ("cause", models.CharField(default="", max_length=60)),
                ("occurred", models.DateField(null=True)),
                ("known", models.DateTimeField()),
                ("delay_s", models.BigIntegerField(null=True)),
                ("stage", models.CharField(default="", max_length=20)),
                ("version", models.PositiveIntegerField(default=0)),
                ("public_version", models.PositiveIntegerField(default=0)),
                ("sender", models.CharField(default="", max_length=200)),
                ("sample", models.BooleanField(default=False)),
                ("source", models.CharField(default="", max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["producer", "occurred"], name="record_brea_produce_ce55da_idx"
                    ),
                    models.Index(fields=["stage", "known"], name="record_brea_stage_2dc4d6_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("document", models.BinaryField()),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="record.breach"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeptPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("release", models.CharField(max_length=100)),
                ("title", models.CharField(default="", max_length=300)),
                ("series", models.CharField(max_length=300)),
                ("producer", models.CharField(max_length=200)),
                ("platform", models.CharField(max_length=200)),
                ("promised", models.DateTimeField()),
                ("anywhere_over", models.BigIntegerField(null=True)),
                ("anywhere_most", models.BigIntegerField(null=True)),
                ("announced_over", models.BigIntegerField(null=True)),
                ("announced_most", models.BigIntegerField(null=True)),
                ("source", models.CharField(max_length=40)),
                ("cause", models.CharField(default="", max_length=60)),
                ("reference", models.CharField(default="", max_length=60)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["promised"], name="record_kept_promise_ac5121_idx"),
                    models.Index(
                        fields=["platform", "promised"], name="record_kept_platfor_ac11c0_idx"
                    ),
                    models.Index(
                        fields=["producer", "promised"], name="record_kept_produce_58c15c_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "source"), name="kept_once_by_each_source"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=300, unique=True)),
                ("title", models.CharField(max_length=400)),
                ("breaches", models.ManyToManyField(to="record.breach")),
            ],
        ),
        migrations.CreateModel(
            name="BreachTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("term", models.CharField(max_length=220)),
                (
                    "breach",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="record.breach",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("term", "breach"), name="one_term_per_breach")
                ],
            },
        ),
        migrations.CreateModel(
            name="BreachVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(default="")),
                ("document", models.JSONField()),
                ("drafted", models.JSONField(null=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="record.breach"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("breach", "n"), name="one_version_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectiveAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("what", models.TextField()),
                ("owner", models.CharField(max_length=100)),
                ("due", models.DateField()),
                ("done", models.DateTimeField(null=True)),
                ("evidence", models.TextField(default="")),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="record.breach"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["done", "due"], name="record_corr_done_e3a258_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("breach", "n"), name="one_action_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("release", models.CharField(max_length=100)),
                ("producer", models.CharField(max_length=200)),
                ("ticket", models.CharField(default="", max_length=40)),
                ("reference", models.CharField(default="", max_length=60)),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="record.problem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("problem", "release"), name="hit_once_by_a_problem"
                    )
                ],
            },
        ),
    ]
