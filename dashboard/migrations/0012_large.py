"""What large accounts need: the mirror of what registries said last, jobs, templates, saved searches."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dashboard.models.credential
import dashboard.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0011_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="approval_above",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="second person above"),
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=150, verbose_name="who")),
                ("token_name", models.CharField(blank=True, max_length=100, verbose_name="token")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("point", "point to another host"),
                            ("replace", "replace text"),
                            ("preference", "set the preference"),
                            ("add", "add a record"),
                            ("remove", "remove a service"),
                            ("template", "put a template on"),
                            ("tag", "tag"),
                            ("import", "import"),
                            ("undo", "undo"),
                        ],
                        max_length=10,
                        verbose_name="action",
                    ),
                ),
                ("fields", models.JSONField(default=dict)),
                ("query", models.CharField(blank=True, max_length=500, verbose_name="search")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "is being prepared"),
                            ("preview", "waits to be started"),
                            ("approval", "waits for a second person"),
                            ("scheduled", "starts later"),
                            ("running", "is under way"),
                            ("paused", "pauses"),
                            ("cancelled", "cancelled"),
                            ("finished", "finished"),
                        ],
                        default="preparing",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("failure", models.TextField(blank=True)),
                ("mirrored_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("prepared_at", models.DateTimeField(null=True)),
                ("starts_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="undone_by",
                        to="dashboard.job",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="jobs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="JobNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("number_id", models.BigIntegerField(null=True)),
                ("digits", models.CharField(max_length=40, verbose_name="number")),
                ("before", dashboard.models.fields.RecordsField(default=list)),
                ("after", dashboard.models.fields.RecordsField(default=list)),
                ("seen", models.CharField(blank=True, max_length=90)),
                ("worse", models.CharField(blank=True, max_length=200)),
                ("concerns", models.JSONField(default=list)),
                ("accepted", models.CharField(blank=True, max_length=90)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("waiting", "waits"),
                            ("same", "nothing to change"),
                            ("cannot", "cannot be done"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("conflict", "was changed meanwhile"),
                            ("unknown", "unknown"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("submission", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "credential",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="dashboard.credential",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="numbers", to="dashboard.job"
                    ),
                ),
            ],
            options={
                "verbose_name": "number of a job",
                "verbose_name_plural": "numbers of a job",
            },
        ),
        migrations.CreateModel(
            name="Mirror",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted_at", models.DateTimeField(null=True)),
                ("began_at", models.DateTimeField(null=True)),
                ("listed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                (
                    "credential",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mirror", to="dashboard.credential"
                    ),
                ),
            ],
            options={
                "verbose_name": "mirror",
                "verbose_name_plural": "mirrors",
            },
        ),
        migrations.RenameModel(old_name="KnownNumber", new_name="MirroredNumber"),
        migrations.AlterModelOptions(
            name="mirrorednumber",
            options={"verbose_name": "mirrored number", "verbose_name_plural": "mirrored numbers"},
        ),
        migrations.RemoveConstraint(model_name="mirrorednumber", name="known_number_once"),
        migrations.AddField(
            model_name="mirrorednumber",
            name="country",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="area",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="local",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="digits",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="problems",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="dns_state",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mirrorednumber",
            name="text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AlterField(
            model_name="mirrorednumber",
            name="credential",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mirrored_numbers",
                to="dashboard.credential",
            ),
        ),
        migrations.AlterField(
            model_name="mirrorednumber",
            name="record_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="mirrorednumber",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="RecordTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        max_length=100,
                        validators=[dashboard.models.credential.validate_printable],
                        verbose_name="name",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("records", models.JSONField(default=list)),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dashboard.team"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "template",
                "verbose_name_plural": "templates",
                "ordering": ["name", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        max_length=100,
                        validators=[dashboard.models.credential.validate_printable],
                        verbose_name="name",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("query", models.CharField(max_length=500, verbose_name="search")),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dashboard.team"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
                "ordering": ["name", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["state", "id"], name="job_state"),
        ),
        migrations.AddIndex(
            model_name="jobnumber",
            index=models.Index(fields=["job", "result", "place"], name="job_number_result"),
        ),
        migrations.AddConstraint(
            model_name="jobnumber",
            constraint=models.UniqueConstraint(fields=("job", "place"), name="job_number_once"),
        ),
        migrations.AddIndex(
            model_name="mirrorednumber",
            index=models.Index(fields=["credential", "digits", "id"], name="mirrored_digits"),
        ),
        migrations.AddConstraint(
            model_name="mirrorednumber",
            constraint=models.UniqueConstraint(fields=("credential", "number_id"), name="mirrored_number_once"),
        ),
        migrations.AddConstraint(
            model_name="recordtemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("user", None)),
                    models.Q(("team", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="recordtemplate_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordtemplate",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="recordtemplate_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="recordtemplate",
            constraint=models.UniqueConstraint(fields=("team", "name"), name="recordtemplate_once_a_team"),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("user", None)),
                    models.Q(("team", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="savedsearch_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="savedsearch_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("team", "name"), name="savedsearch_once_a_team"),
        ),
    ]
