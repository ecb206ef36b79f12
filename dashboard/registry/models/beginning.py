"""All numbers that begin with the same digits."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import NumberError, read_number

only_digits = RegexValidator(r"\A[0-9]+\Z", _("Only digits, with the country code."))


class Beginning(models.Model):
    """Something about all numbers that begin with `digits`, which each kind declares for itself."""

    digits: models.CharField[str, str]

    class Meta:
        abstract = True
        ordering = ["digits"]

    def __str__(self) -> str:
        return f"+{self.digits}…"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check every field, with the digits as they are compared. Raises ValidationError."""
        try:
            self.digits = read_number(self.digits, public=False)
        except NumberError as error:
            raise ValidationError({"digits": gettext(error.message) % error.params}) from None
        super().clean_fields(exclude)
