"""Triggers that refuse to change or remove a fact, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER facts_are_never_{what}d BEFORE {what} ON facts
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        migrations.RunSQL(
            REFUSE.format(what=what), reverse_sql=f"DROP TRIGGER facts_are_never_{what}d"
        )
        for what in ("update", "delete")
    ]
