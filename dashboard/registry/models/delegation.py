"""Prefixes of numbers that somebody else serves: delegations out of a zone."""

from __future__ import annotations

import dns.exception
import dns.rdata
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from dns.rdata import Rdata

from dashboard.registry.models.beginning import Beginning, only_digits
from dashboard.registry.models.zone import MAX_DIGITS, Host, read_hosts, validate_hosts

MAX_DS = 20  # records of one delegation; a rollover needs a few


def read_ds(text: str) -> list[Rdata]:
    """The DS records (RFC 4034 s5) of a text: one a line, as key tag, algorithm, digest type and digest.

    Raises DNSException and ValueError for a line that is none.
    """
    return list(dict.fromkeys(dns.rdata.from_text("IN", "DS", line) for line in text.splitlines() if line.strip()))


def validate_ds(text: str) -> None:
    """Refuse lines that are no DS record. Raises ValidationError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_DS:
        raise ValidationError(_("At most %(limit)d lines."), code="too-many", params={"limit": MAX_DS})
    for line in lines:
        try:
            read_ds(line)
        except (dns.exception.DNSException, ValueError):
            raise ValidationError(
                _("“%(line)s” is no DS record: key tag, algorithm, digest type and digest, all four of them."),
                code="ds",
                params={"line": line},
            ) from None


class Delegation(Beginning):
    """All numbers that begin with `digits` are served by others, whom the zone above them names (NS, DS, glue)."""

    digits = models.CharField(
        _("numbers that begin with"),
        max_length=MAX_DIGITS,
        unique=True,
        validators=[only_digits],
        error_messages={"unique": _("These numbers are delegated already.")},
        help_text=_("With the country code. No number that begins so is published here any more."),
    )
    hosts = models.TextField(
        _("name servers"),
        max_length=2_000,
        validators=[validate_hosts],
        help_text=_(
            "Who serves these numbers, a name on each line. A name below the delegated one needs its IP addresses "
            "behind it, separated by blanks."
        ),
    )
    ds = models.TextField(
        _("DS records"),
        max_length=4_000,
        blank=True,
        validators=[validate_ds],
        help_text=_("If they sign their zone: what dnssec-dsfromkey prints behind “DS”, a record on each line."),
    )

    class Meta(Beginning.Meta):
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")

    @property
    def servers(self) -> list[Host]:
        """The name servers."""
        return read_hosts(self.hosts)
