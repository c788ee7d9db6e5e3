"""Triggers that refuse to change or remove a fact, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER facts_are_never_{what}d BEFORE {what} ON facts
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
"""

# INSERT OR REPLACE removes the row in its way without asking the trigger on delete.
REFUSE_REPLACE = """
CREATE TRIGGER facts_are_never_replaced BEFORE INSERT ON facts
WHEN EXISTS (SELECT 1 FROM facts WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM facts WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM facts WHERE subject = NEW.subject AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'facts are append-only: this one is there already'); END;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                REFUSE.format(what=what), reverse_sql=f"DROP TRIGGER facts_are_never_{what}d"
            )
            for what in ("update", "delete")
        ),
        migrations.RunSQL(REFUSE_REPLACE, reverse_sql="DROP TRIGGER facts_are_never_replaced"),
    ]
