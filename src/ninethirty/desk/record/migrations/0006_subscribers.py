"""Who is told by mail, and the mail on its way to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0005_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=32, unique=True)),
                ("address", models.CharField(max_length=254)),
                ("topic", models.CharField(max_length=100)),
                ("late", models.BooleanField(default=False)),
                ("asked", models.DateTimeField()),
                ("confirmed", models.DateTimeField(null=True)),
                ("stopped", models.DateTimeField(null=True)),
                ("why", models.CharField(default="", max_length=20)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["address"], name="record_subs_address_14e30b_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "address"), name="told_once_of_a_topic"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscription", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("holder", models.CharField(default="", max_length=40)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="record.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "taken"])),
                        fields=["message", "id"],
                        name="mail_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "subscription"), name="mailed_once")
                ],
            },
        ),
    ]
