"""Numbers and their records. Only `dashboard.registry.store` writes these."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.base import ModelBase
from django.db.models.functions import Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import Name, NumberError, check_number, find_service, read_fields, without_star
from dashboard.protocol import DEFAULT_ORDER, MAX_UINT16
from dashboard.registry.models.account import Account, validate_one_line
from dashboard.registry.models.zone import MAX_DIGITS, Zone

# What a request may carry at most, so that the admin's forms and the protocol agree.
MAX_SERVICE = 100
MAX_HOSTDATA = 1_000
# Of one number. A message of the DNS holds 65,535 octets (RFC 1035 s4.2.2), and with them some hundreds of records.
MAX_RECORDS = 500
MAX_TEXT = 255  # octets of a character-string (RFC 1035 s3.3)
BLOCK = "*"  # what stands behind the digits that the numbers of a block begin with


def validate_service(name: str) -> None:
    """Refuse a service that this registry could not publish. Raises ValidationError."""
    if find_service(name) is None:
        raise ValidationError(
            _("This registry knows no service “%(name)s”."), code="unknown-service", params={"name": name}
        )


def validate_caller_name(text: str) -> None:
    """Refuse what telephones cannot show, or one string of a TXT record cannot hold. Raises ValidationError."""
    if not text.isprintable():
        raise ValidationError(_("This must not hold control characters."), code="control")
    count = len(text.encode("utf-8", "replace"))
    if count > MAX_TEXT:
        raise ValidationError(
            _("This makes %(count)d octets; %(limit)d fit into a record."),
            code="too-long",
            params={"count": count, "limit": MAX_TEXT},
        )


class Number(models.Model):
    """A telephone number (PSTN record), split as it was entered; the digits joined are what counts.

    One number exists once in the registry, whoever has it: it is one name in the DNS. A block stands for all longer
    numbers that begin with its digits; it is a wildcard there (RFC 4592).
    """

    # Accounts with numbers are closed by making them inactive, so that no number vanishes with a login.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="numbers", verbose_name=_("account"))
    country = models.CharField(_("country code"), max_length=MAX_DIGITS)
    area = models.CharField(_("area code"), max_length=MAX_DIGITS, blank=True)
    local = models.CharField(_("local number"), max_length=MAX_DIGITS)
    digits = models.CharField(_("number"), max_length=MAX_DIGITS, unique=True, editable=False)
    is_block = models.BooleanField(
        _("block"),
        default=False,
        help_text=_(
            "The records answer for every longer number that begins with these digits, where the zone has nothing "
            "of its own."
        ),
    )
    caller_name = models.CharField(
        _("caller's name"),
        max_length=MAX_TEXT,
        blank=True,
        validators=[validate_caller_name],
        help_text=_(
            "What telephones show when this number calls. Published only if the zone publishes callers' names, and "
            "then for everybody: anyone can read all names by asking for one number after the other."
        ),
    )

    # Made on the first start to try things on; in the DNS nobody has use for fiction.
    is_sample = models.BooleanField(default=False, editable=False)

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
        return "+" + " ".join(part for part in (self.country, self.area, self.written_local) if part)

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save, with the digits joined anew."""
        self.digits = self.digits_joined
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Read the number as it was written, then check every field. Raises ValidationError."""
        local, has_star = without_star(self.local or "")
        self.is_block = self.is_block or has_star
        try:
            read = read_fields(
                self.country or "", self.area or "", local, settings.E164WEB.country, public=Zone.current().is_public
            )
        except NumberError as error:
            raise ValidationError({error.field: gettext(error.message) % error.params}) from None
        self.country, self.area, self.local = read
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse what is no number or is taken. Raises ValidationError."""
        super().clean()
        missing = [name for name in ("country", "local") if not getattr(self, name)]
        if missing:
            raise ValidationError({missing[0]: _("Only the area code may be left out.")}, code="required")
        self.digits = self.digits_joined
        if not self.digits.isdecimal():
            return  # it could not be read, which was said at its field
        problems = [gettext(p.message) % p.params for p in check_number(self.digits, Zone.rules_for(self.digits))]
        # `digits` is not on the form, so Django's own check for uniqueness passes over it.
        if not problems and Number.objects.filter(digits=self.digits).exclude(pk=self.pk).exists():
            problems = [gettext("The registry has this number already.")]
        if problems:
            raise ValidationError(problems)

    @property
    def digits_joined(self) -> str:
        """The digits of the parts as they are now."""
        return self.country + self.area + self.local

    @property
    def written_local(self) -> str:
        """The local number as the protocol and people write it: with a star behind it if this is a block."""
        return self.local + BLOCK if self.is_block else self.local

    @property
    def name(self) -> str:
        """What the number is called in the zone: its digits, with a star behind them if it is a block."""
        return self.digits + BLOCK if self.is_block else self.digits

    @property
    def has_records(self) -> bool:
        """Whether it has any, of the protocol or raw ones."""
        return self.records.exists() or self.raws.exists()

    @property
    def in_the_dns(self) -> Name:
        """The name that holds its records."""
        return Name(self.digits, self.is_block)


class Record(models.Model):
    """A NAPTR record of a number. Only `dashboard.registry.store` writes these."""

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="records", verbose_name=_("number"))
    order = models.PositiveIntegerField(_("order"), default=DEFAULT_ORDER, editable=False)
    preference = models.PositiveIntegerField(
        _("preference"),
        validators=[MaxValueValidator(MAX_UINT16)],
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
                condition=models.Q(preference__gte=0, preference__lte=MAX_UINT16),
            ),
            models.CheckConstraint(name="registry_record_order_fixed", condition=models.Q(order=DEFAULT_ORDER)),
        ]

    def __str__(self) -> str:
        return f"{self.preference} {self.service} {self.hostdata}"
