"""Who is told of what: watches, webhooks, and the outbox of the background process."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0009_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("changed", "Changed"),
                            ("seen", "Seen"),
                            ("worse", "Worse"),
                            ("dns", "Dns"),
                            ("registry", "Registry"),
                            ("test", "Test"),
                            ("off", "Off"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number_id", models.BigIntegerField(null=True)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("change", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("told", "told"),
                            ("dropped", "not sent"),
                            ("given-up", "given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "credential",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dashboard.credential",
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
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempt", models.PositiveIntegerField()),
                ("status", models.PositiveIntegerField(null=True)),
                ("problem", models.CharField(blank=True, max_length=20)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="dashboard.outboxmessage",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RegistryState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("failures", models.PositiveIntegerField(default=0)),
                ("silent_since", models.DateTimeField(null=True)),
                ("is_told", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "registry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="state", to="dashboard.registry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SettlingPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("failures", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pause", to="dashboard.change"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=500, verbose_name="address")),
                ("is_on", models.BooleanField(default=True)),
                ("why_off", models.CharField(blank=True, max_length=200)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["address", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="webhook",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="dashboard.webhook",
            ),
        ),
        migrations.CreateModel(
            name="WebhookSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.TextField(editable=False)),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="secrets", to="dashboard.webhook"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_id", models.BigIntegerField(null=True)),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="number")),
                ("tag", models.CharField(blank=True, max_length=500, verbose_name="tag")),
                ("kinds", models.CharField(max_length=100)),
                (
                    "email",
                    models.CharField(
                        choices=[("now", "at once"), ("daily", "once a day, all together"), ("none", "never")],
                        default="now",
                        max_length=5,
                        verbose_name="e-mail",
                    ),
                ),
                ("to_webhooks", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="dashboard.credential"
                    ),
                ),
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
                "verbose_name": "watch",
                "verbose_name_plural": "watches",
                "ordering": ["credential__label", "number", "tag", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("team__isnull", False), ("user", None)),
                            models.Q(("team", None), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="watch_of_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchedNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_id", models.BigIntegerField()),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("dns_since", models.DateTimeField(null=True)),
                ("dns_told", models.BooleanField(default=False)),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dashboard.credential"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("credential", "number_id"), name="watched_number_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("user", None)),
                    models.Q(("team", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="webhook_of_one",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["fate", "due_at"], name="outbox_due"),
        ),
    ]
