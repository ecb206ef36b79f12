"""Tokens, with which people's programs act in their name."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dashboard.models.credential


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0010_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="Token",
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
                ("public_id", models.CharField(editable=False, max_length=12, unique=True)),
                ("digest", models.CharField(editable=False, max_length=90)),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "read"), ("write", "read and write")], max_length=5, verbose_name="scope"
                    ),
                ),
                ("every_credential", models.BooleanField(default=True, verbose_name="all credentials")),
                (
                    "digits",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[django.core.validators.RegexValidator("\\A[0-9]+( [0-9]+)*\\Z")],
                        verbose_name="digits",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("last_used_at", models.DateTimeField(null=True)),
                ("last_address", models.CharField(blank=True, max_length=64)),
                ("window", models.BigIntegerField(default=0, editable=False)),
                ("window_used", models.PositiveIntegerField(default=0, editable=False)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "some_credentials",
                    models.ManyToManyField(related_name="+", to="dashboard.credential", verbose_name="credentials"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "token",
                "verbose_name_plural": "tokens",
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
