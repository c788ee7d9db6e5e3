"""The record is sought through, and a way in lies on paper."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0008_access")]

    operations = [
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["recorded", "id"], name="facts_as_recorded"),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["kind", "recorded", "id"], name="facts_of_a_kind"),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["actor", "recorded", "id"], name="facts_by_somebody"),
        ),
    ]
