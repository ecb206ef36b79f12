"""Logins at the embedded registry, and those that failed."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.protocol import secret_of

MAX_USERNAME = 150  # the protocol sets no limit; Django's own for user names
MAX_HASH = 255  # Argon2 with its parameters takes some 100
MAX_ADDRESS = 64  # an IPv6 address or network as text takes 43

# These would end a row of a reply early.
_LINE_ENDS = re.compile(r"[\r\n\x00]")


def validate_one_line(text: str) -> None:
    """Refuse what a row of a reply cannot hold (protocol notes: CR, LF, NUL). Raises ValidationError."""
    if _LINE_ENDS.search(text):
        raise ValidationError(_("Line breaks and NUL are not allowed."), code="line-break")


class Account(models.Model):
    """Somebody's login at this registry, and the owner of numbers.

    ``secret_hash`` is a slow hash of what the protocol calls `secret`, the MD5 of the password: the registry needs
    to check it, never to read it.
    """

    username = models.CharField(_("user name"), max_length=MAX_USERNAME, unique=True, validators=[validate_one_line])
    secret_hash = models.CharField(max_length=MAX_HASH, editable=False)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive account cannot log in; its numbers stay.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For administrators; the account never sees it."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # How far its changes reach, at the pace of a person (publishing/pace.py); what goes beyond are mass changes.
    busy_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def set_password(self, password: str) -> None:
        """Remember `password` as a hash; the caller saves. Raises LocalProtocolError if it is not text."""
        self.secret_hash = make_password(secret_of(password))


class LoginFailure(models.Model):
    """One wrong login, kept only as long as it counts. In the database, since all worker processes count together."""

    # A hash of the user name that was tried: people type passwords into the wrong field.
    login = models.CharField(max_length=64)
    address = models.CharField(max_length=MAX_ADDRESS)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="registry_failure_address")]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M:%S}"
