"""Imports: their text in parts, its lines, and which column is what."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0015_bulk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("jsonl", "JSON lines"), ("zone", "zone file")],
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="file")),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("options", models.JSONField(default=dict)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("problems", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dashboard.credential"
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dashboard.job"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("options", models.JSONField(default=dict)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of columns",
                "verbose_name_plural": "choices of columns",
                "constraints": [models.UniqueConstraint(fields=("user", "digest"), name="column_mapping_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("octets", models.BinaryField()),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="dashboard.import"
                    ),
                ),
            ],
            options={
                "verbose_name": "part of an import",
                "verbose_name_plural": "parts of imports",
                "constraints": [models.UniqueConstraint(fields=("of", "place"), name="import_chunk_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=41)),
                ("order", models.PositiveIntegerField(null=True)),
                ("preference", models.PositiveIntegerField(default=0)),
                ("service", models.CharField(blank=True, max_length=255)),
                ("hostdata", models.TextField(blank=True)),
                ("field", models.CharField(blank=True, max_length=20)),
                ("words", models.TextField(blank=True)),
                ("is_left_out", models.BooleanField(default=False)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dashboard.import"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of an import",
                "verbose_name_plural": "lines of imports",
                "indexes": [models.Index(fields=["of", "name", "id"], name="import_line_name")],
            },
        ),
    ]
