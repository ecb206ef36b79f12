"""What undo needs to know of a change, and what a number had when it was last seen."""

import django.db.models.deletion
from django.db import migrations, models

import dashboard.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0007_person_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="batch",
            field=models.UUIDField(db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="looked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="change",
            name="token_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="token"),
        ),
        migrations.AddField(
            model_name="change",
            name="undoes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="undone_by",
                to="dashboard.change",
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="was_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="knownnumber",
            name="fingerprint",
            field=models.CharField(blank=True, max_length=90),
        ),
        migrations.AddField(
            model_name="knownnumber",
            name="is_expected",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="knownnumber",
            name="records",
            field=dashboard.models.fields.RecordsField(default=list),
        ),
        migrations.AlterField(
            model_name="change",
            name="command",
            field=models.CharField(
                choices=[
                    ("new", "add"),
                    ("update", "change"),
                    ("delete", "delete"),
                    ("deleteall", "delete all"),
                    ("seen", "seen"),
                ],
                max_length=10,
                verbose_name="command",
            ),
        ),
    ]
