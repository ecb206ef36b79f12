"""Raw NAPTR records, published word for word. Only `dashboard.registry.store` writes these."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import Name, NaptrError, Problem, check_raw, read_raw
from dashboard.enum.limits import MAX_STRING
from dashboard.protocol import DEFAULT_ORDER, MAX_UINT16
from dashboard.registry.models.number import Number

MAX_DOMAIN = 254  # with the dot at its end
FIELDS = ("order", "preference", "flags", "service", "regexp", "replacement")


class RawRecord(models.Model):
    """A NAPTR record of a number or block, beside those of service and host data, which the protocol knows.

    The fields hold what is on the wire: a backslash is one backslash.
    """

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="raws", verbose_name=_("number"))
    order = models.PositiveIntegerField(
        _("order"), default=DEFAULT_ORDER, validators=[MaxValueValidator(MAX_UINT16)], help_text=_("Mostly 100.")
    )
    preference = models.PositiveIntegerField(
        _("preference"),
        default=10,
        validators=[MaxValueValidator(MAX_UINT16)],
        help_text=_("Lower ones are tried first."),
    )
    flags = models.CharField(
        _("flags"), max_length=1, blank=True, default="u", help_text=_("“u” for a record that makes a URI.")
    )
    service = models.CharField(
        _("service"), max_length=MAX_STRING, blank=True, default="E2U+sip", help_text=_("As in the DNS: E2U+sip.")
    )
    regexp = models.CharField(
        _("regexp"),
        max_length=MAX_STRING,
        blank=True,
        help_text=_(
            "With one backslash where a zone file has two: !^(.*)$!sip:\\1@pbx.example.org! leads every number of a "
            "block to one server."
        ),
    )
    replacement = models.CharField(
        _("replacement"),
        max_length=MAX_DOMAIN,
        blank=True,
        help_text=_("A domain name with a dot at its end, for a record without a regexp."),
    )

    class Meta:
        verbose_name = _("raw record")
        verbose_name_plural = _("raw records")
        ordering = ["order", "preference", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", *FIELDS],
                name="registry_raw_record_once",
                violation_error_message=_("The number has this record already."),
            ),
            models.CheckConstraint(
                name="registry_raw_record_range",
                condition=models.Q(
                    order__gte=0, order__lte=MAX_UINT16, preference__gte=0, preference__lte=MAX_UINT16
                ),
            ),
        ]

    def __str__(self) -> str:
        target = self.regexp or self.replacement
        return f"{self.order} {self.preference} {self.flags or '-'} {self.service or '-'} {target}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check every field, with the replacement as it is compared. Raises ValidationError."""
        name = self.replacement.strip().lower().rstrip(".")
        self.replacement = f"{name}." if name else ""
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse what is no record, or unsafe. Raises ValidationError."""
        super().clean()
        # Where a field is wrong by itself, that was said; where the number is not chosen yet, nothing can be tried.
        if self.number_id is None or any(getattr(self, name) is None for name in FIELDS):
            return
        found: dict[str, str] = {}
        for problem in self.problems(self.number.in_the_dns):
            if problem.is_error:
                found.setdefault(problem.field, gettext(problem.message) % problem.params)
        if found:
            raise ValidationError(found)

    def problems(self, name: Name) -> list[Problem]:
        """What is wrong with it as a record of this name, errors first; also for what is no NAPTR record at all."""
        try:
            record = read_raw(*self.wire)
        except NaptrError as error:
            field = error.field if error.field in FIELDS else "regexp"
            return [Problem(field, "wire", error.message, error.params)]  # type: ignore[arg-type]
        return check_raw(record, name)

    @property
    def wire(self) -> tuple[int, int, str, str, str, str]:
        """The fields, as `read_raw` takes them."""
        return self.order, self.preference, self.flags, self.service, self.regexp, self.replacement
