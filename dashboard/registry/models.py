"""The embedded registry's own data: accounts, their numbers, and the records of each number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.base import ModelBase
from django.db.models.functions import Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.naptr import NumberRules, check_number, find_service
from dashboard.protocol import secret_of

MAX_USERNAME = 150  # the protocol sets no limit; Django's own for user names
MAX_HASH = 255  # Argon2 with its parameters takes some 100
MAX_DIGITS = 15  # ITU-T E.164; also the most that some telephone systems can look up
MAX_PREFERENCE = 65_535  # an unsigned 16-bit integer in the DNS (RFC 3403 s4.1)
# What a request may carry at most, so that the admin's forms and the protocol agree.
MAX_SERVICE = 100
MAX_HOSTDATA = 1_000
# Of one number. A message of the DNS holds 65,535 octets (RFC 1035 s4.2.2), and with them some hundreds of records.
MAX_RECORDS = 500
ORDER = 100  # "order will always be set to 100 for user records" (protocol-1.0, show)
MAX_ADDRESS = 64  # an IPv6 address or network as text takes 43

NUMBER_RULES = NumberRules(max_digits=MAX_DIGITS)

# What people write between the digits of a number, for a regular expression; \u2013 is the dash of typographers.
PUNCTUATION = r"[\s+()./\u2013-]"
_PUNCTUATION = re.compile(PUNCTUATION)
# These would end a row of a reply early.
_LINE_ENDS = re.compile(r"[\r\n\x00]")


def validate_service(name: str) -> None:
    """Refuse a service that this registry could not publish. Raises ValidationError."""
    if find_service(name) is None:
        raise ValidationError(
            _("This registry knows no service “%(name)s”."), code="unknown-service", params={"name": name}
        )


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

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def set_password(self, password: str) -> None:
        """Remember `password` as a hash; the caller saves. Raises LocalProtocolError if it is not text."""
        self.secret_hash = make_password(secret_of(password))


class Number(models.Model):
    """A telephone number (PSTN record), split as it was entered; the digits joined are what counts.

    One number exists once in the registry, whoever has it: it is one name in the DNS.
    """

    # Accounts with numbers are closed by making them inactive, so that no number vanishes with a login.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="numbers", verbose_name=_("account"))
    country = models.CharField(_("country code"), max_length=MAX_DIGITS)
    area = models.CharField(_("area code"), max_length=MAX_DIGITS, blank=True)
    local = models.CharField(_("local number"), max_length=MAX_DIGITS)
    digits = models.CharField(_("number"), max_length=MAX_DIGITS, unique=True, editable=False)

    class Meta:
        verbose_name = _("number")
        verbose_name_plural = _("numbers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="registry_number_digits_joined",
                condition=models.Q(digits=Concat("country", "area", "local")),
            ),
        ]

    def __str__(self) -> str:
        return "+" + " ".join(part for part in (self.country, self.area, self.local) if part)

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save, with the digits joined anew."""
        self.digits = self.country + self.area + self.local
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    def clean(self) -> None:
        """Drop punctuation and refuse what is no number or is taken. Raises ValidationError."""
        super().clean()
        for name in ("country", "area", "local"):
            setattr(self, name, _PUNCTUATION.sub("", getattr(self, name) or ""))
        if not (self.country and self.local):
            raise ValidationError(_("Only the area code may be left out."), code="required")
        self.digits = self.country + self.area + self.local
        problems = [gettext(p.message) % p.params for p in check_number(self.digits, NUMBER_RULES)]
        # `digits` is not on the form, so Django's own check for uniqueness passes over it.
        if not problems and Number.objects.filter(digits=self.digits).exclude(pk=self.pk).exists():
            problems = [gettext("The registry has this number already.")]
        if problems:
            raise ValidationError(problems)


class Record(models.Model):
    """A NAPTR record of a number. Only `dashboard.registry.store` writes these."""

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="records", verbose_name=_("number"))
    order = models.PositiveIntegerField(_("order"), default=ORDER, editable=False)
    preference = models.PositiveIntegerField(
        _("preference"),
        validators=[MaxValueValidator(MAX_PREFERENCE)],
        help_text=_("Lower ones are tried first."),
    )
    service = models.CharField(_("service"), max_length=MAX_SERVICE, validators=[validate_one_line, validate_service])
    hostdata = models.CharField(_("host data"), max_length=MAX_HOSTDATA, validators=[validate_one_line])

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["order", "preference", "pk"]
        constraints = [
            models.CheckConstraint(
                name="registry_record_preference_range",
                condition=models.Q(preference__gte=0, preference__lte=MAX_PREFERENCE),
            ),
            models.CheckConstraint(name="registry_record_order_fixed", condition=models.Q(order=ORDER)),
        ]

    def __str__(self) -> str:
        return f"{self.preference} {self.service} {self.hostdata}"


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
