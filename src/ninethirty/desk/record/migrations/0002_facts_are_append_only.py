"""Triggers that refuse to change or remove a fact, whoever asks."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
CREATE TRIGGER facts_are_never_updated BEFORE update ON facts
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
""",
    """
CREATE TRIGGER facts_are_never_deleted BEFORE delete ON facts
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
""",
    # INSERT OR REPLACE removes the row in its way without asking the trigger on delete.
    """
CREATE TRIGGER facts_are_never_replaced BEFORE INSERT ON facts
WHEN EXISTS (SELECT 1 FROM facts WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM facts WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM facts WHERE subject = NEW.subject AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'facts are append-only: this one is there already'); END;
""",
)

POSTGRESQL = (
    """
CREATE FUNCTION facts_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'facts are append-only'; END $$;
""",
    *(
        f"""
CREATE TRIGGER facts_are_never_{done} BEFORE {what} ON facts
FOR EACH STATEMENT EXECUTE FUNCTION facts_are_append_only();
"""
        for what, done in (("UPDATE", "updated"), ("DELETE", "deleted"), ("TRUNCATE", "truncated"))
    ),
)


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    # None takes the triggers away again: the record does not go back.
    operations = [migrations.RunPython(refuse)]
