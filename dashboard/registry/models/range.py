"""Which numbers an account may have made for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.registry.models.account import Account
from dashboard.registry.models.beginning import Beginning, only_digits
from dashboard.registry.models.zone import MAX_DIGITS


class Range(Beginning):
    """All numbers that begin with `digits`: an import may make them for the account, as far as nobody has them.

    Ranges of several accounts may overlap; whoever makes a number first has it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ranges", verbose_name=_("account"))
    digits = models.CharField(
        _("numbers that begin with"),
        max_length=MAX_DIGITS,
        validators=[only_digits],
        help_text=_("With the country code. An import may make such numbers for the account."),
    )

    class Meta(Beginning.Meta):
        verbose_name = _("range")
        verbose_name_plural = _("ranges")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "digits"],
                name="registry_range_once",
                violation_error_message=_("The account has this range already."),
            )
        ]
