"""Name servers that take the zone's records, and what has been published at each."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard import vault
from dashboard.nameservers import Address, AddressError, Key
from dashboard.registry.models.zone import MAX_SUFFIX, Zone

PENDING = ~Q(done=F("wanted"))
SINGLE, MASS = 0, 1  # what is waited for by a person, and the many that come at once


def validate_address(text: str) -> None:
    """Refuse what is no name server's address. Raises ValidationError."""
    try:
        Address.parse(text)
    except AddressError as error:
        raise ValidationError(gettext(error.message) % error.params, code="address") from None


class NameServer(models.Model):
    """A server that takes signed updates (RFC 2136) of the zone. ``sealed`` holds its key, and opens in the vault."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="name_servers", verbose_name=_("zone"))
    address = models.CharField(
        _("address"),
        max_length=300,
        validators=[validate_address],
        help_text=_("An IP address or a host name, with a port if it is not 53: 192.0.2.1 or [2001:db8::1]:5300."),
    )
    sealed = models.TextField(editable=False)
    key_name = models.CharField(_("key"), max_length=300, editable=False)  # algorithm:name, never the secret
    is_enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("Nothing is sent to a disabled server; it gets everything later.")
    )
    # How often in a row the server has refused, and when it is tried again; 0 while there is no alarm.
    refusals = models.PositiveIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(_("next attempt"), null=True, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)  # a sentence; empty while all is well
    problem_at = models.DateTimeField(_("since"), null=True, editable=False)
    serial = models.PositiveBigIntegerField(_("serial"), null=True, editable=False)  # of the SOA, when we last looked
    seen_at = models.DateTimeField(_("last answer"), null=True, editable=False)
    reconciled_at = models.DateTimeField(_("last compared"), null=True, editable=False)

    class Meta:
        verbose_name = _("name server")
        verbose_name_plural = _("name servers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "address"],
                name="registry_nameserver_once",
                violation_error_message=_("The zone has this name server already."),
            )
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def label(self) -> str:
        """The address; with the zone, where the server has several of ours."""
        alone = not NameServer.objects.filter(address=self.address).exclude(pk=self.pk).exists()
        return self.address if alone else f"{self.address} ({self.zone})"

    @property
    def is_refusing(self) -> bool:
        """Whether the alarm is on: the server has refused, and has taken nothing since."""
        return self.refusals > 0

    @classmethod
    def ready(cls) -> QuerySet[NameServer]:
        """The servers that may be sent to now."""
        return cls.objects.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()), is_enabled=True)

    @property
    def seal_owner(self) -> str:
        """What the sealed key is bound to: this row, and where it is used."""
        return f"name-server:{self.pk}:{self.address}"

    @property
    def place(self) -> Address:
        """Where the server listens."""
        return Address.parse(self.address)

    @property
    def key(self) -> Key:
        """The key. Raises SealError if it cannot be opened."""
        return Key.parse(vault.unseal(self))

    def clean_fields(self, *args: Any, **kwargs: Any) -> None:
        """Check every field, with the address written as programs compare it. Raises ValidationError."""
        with suppress(AddressError):  # the field's own check says it
            self.address = str(Address.parse(self.address))
        super().clean_fields(*args, **kwargs)


class Publication(models.Model):
    """One name of a zone at one name server: the queue, and the memory of which names are ours there.

    ``wanted`` is a random number that every change of the name replaces, ``sending`` the one whose state is on its
    way, ``done`` the one whose state the server has confirmed. The name waits to be sent while ``wanted`` and
    ``done`` differ. Nothing is said about what to send: that is read when it is sent, so no order can be lost. The
    row stays when the number is deleted: whatever the name holds there is ours to replace or to remove.
    """

    name_server = models.ForeignKey(NameServer, on_delete=models.CASCADE, related_name="publications")
    # As in Number.name, or the digits of a delegation. With a dot it is the domain name of a name server below one.
    name = models.CharField(_("number"), max_length=MAX_SUFFIX)
    wanted = models.BigIntegerField(editable=False)
    sending = models.BigIntegerField(default=0, editable=False)
    done = models.BigIntegerField(default=0, editable=False)
    since = models.DateTimeField(_("changed"), editable=False)
    retry_at = models.DateTimeField(_("next attempt"), editable=False)
    done_at = models.DateTimeField(_("published"), null=True, editable=False)
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)  # why it is not published as it is
    note = models.TextField(_("left out"), blank=True, editable=False)  # records that have no DNS form, and why
    # The types, besides NAPTR, of which records of ours have been there: only then are they ours to remove.
    owned = models.CharField(max_length=40, default="", editable=False)
    # SINGLE or MASS; the lower ones are sent first. A number, since SQLite finds no truth values in an index. The
    # database knows the default, for processes of the version before that run while an upgrade goes on.
    rank = models.SmallIntegerField(default=SINGLE, db_default=SINGLE, editable=False)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["name_server", "name"], name="registry_publication_once")]
        indexes = [
            models.Index(fields=["name_server", "rank", "since"], condition=PENDING, name="registry_publication_turn")
        ]

    def __str__(self) -> str:
        return self.name if "." in self.name else f"+{self.name}"

    @property
    def owned_types(self) -> frozenset[str]:
        """`owned`, one by one."""
        return frozenset(self.owned.split())

    @property
    def is_pending(self) -> bool:
        """Whether the server does not have it yet."""
        return self.wanted != self.done
