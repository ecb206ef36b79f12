"""The request that a change, an exchange and a job belong to; which processes run, on which machine."""

from django.db import migrations, models

import dashboard.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0016_transfer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("serve", "serve"), ("work", "work"), ("publish", "publish")], max_length=10
                    ),
                ),
                ("machine", models.CharField(max_length=100)),
                ("version", models.CharField(max_length=30)),
                ("secret", models.CharField(max_length=32)),
                ("keys", models.TextField()),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="change",
            name="request_id",
            field=dashboard.models.fields.RequestIdField(editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="request_id",
            field=dashboard.models.fields.RequestIdField(editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="request_id",
            field=dashboard.models.fields.RequestIdField(editable=False, max_length=64, null=True),
        ),
    ]
