"""Whose word a time is, signed heads, sightings in reading order, what is erased, news told."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Django would copy the table into a new one to add a column on SQLite, and lose the triggers.
ADD_SAID_BY = "ALTER TABLE facts ADD COLUMN said_by varchar(100) NOT NULL DEFAULT ''"

NUMBER_SIGHTINGS = (
    """
UPDATE sightings SET n = numbered.n FROM (
  SELECT id, row_number() OVER (PARTITION BY release ORDER BY id) AS n FROM sightings
) AS numbered WHERE numbered.id = sightings.id
""",
    """
INSERT INTO record_sightingcount (release, n) SELECT release, max(n) FROM sightings GROUP BY release
""",
)

# A runner that listens is woken by the commit itself.
TELL = """
CREATE FUNCTION tell_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('{table}', NEW.{what}); RETURN NULL; END $$;
CREATE TRIGGER tell_{table} AFTER INSERT ON {table}
FOR EACH ROW EXECUTE FUNCTION tell_{table}();
"""


def number_sightings(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in NUMBER_SIGHTINGS:
        editor.execute(statement)


def tell(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(TELL.format(table="facts", what="subject"))
        editor.execute(TELL.format(table="sightings", what="release"))


class Migration(migrations.Migration):
    dependencies = [("record", "0002_facts_are_append_only")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(ADD_SAID_BY)],
            [
                migrations.AddField(
                    "factrow", "said_by", models.CharField(default="", max_length=100)
                )
            ],
        ),
        migrations.CreateModel(
            name="SignedHead",
            fields=[
                ("subject", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("n", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="SightingCount",
            fields=[
                ("release", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("n", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField("release", "stage", models.CharField(default="", max_length=20)),
        migrations.AddField("release", "replaces", models.CharField(default="", max_length=100)),
        migrations.AddField("person", "left", models.DateTimeField(null=True)),
        migrations.AddField("person", "erased", models.DateTimeField(null=True)),
        migrations.AddField("message", "erased", models.DateTimeField(null=True)),
        migrations.AddField("sightingrow", "n", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(number_sightings),
        migrations.AlterField("sightingrow", "n", models.PositiveBigIntegerField()),
        migrations.AddConstraint(
            "sightingrow",
            models.UniqueConstraint(fields=("release", "n"), name="one_sighting_per_number"),
        ),
        migrations.RunPython(tell),
    ]
