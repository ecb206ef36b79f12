"""The zone: what the registry publishes its numbers in."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import NamedTuple

import dns.exception
import dns.name
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.enum import NumberError, NumberRules, check_suffix, is_public

MAX_DIGITS = 15  # ITU-T E.164; also the most that some telephone systems can look up
ZONE = 1  # the key of the only row
MAX_SUFFIX = 253  # RFC 1035 s2.3.4
MIN_TTL, MAX_TTL, DEFAULT_TTL = 60, 7 * 86_400, 300  # seconds
DEFAULT_HOST = "localhost"  # has an address on every machine, and promises nothing to anybody

_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_LIFETIME = [MinValueValidator(MIN_TTL), MaxValueValidator(MAX_TTL)]


class Host(NamedTuple):
    """A name server in the zone's NS records, with the addresses that the zone must have for it."""

    name: str
    addresses: tuple[str, ...]


def validate_suffix(suffix: str) -> None:
    """Refuse what is no domain name with room for numbers below it. Raises ValidationError."""
    try:
        check_suffix(suffix)
    except NumberError:
        raise ValidationError(
            _("This is no domain name below which numbers have room, as e164.arpa or tel.dn42 are."), code="suffix"
        ) from None


def validate_host(name: str) -> None:
    """Refuse what is no host name. Raises ValidationError."""
    if not _HOST.fullmatch(name.lower().removesuffix(".")):
        raise ValidationError(_("“%(name)s” is no host name."), code="host", params={"name": name})


def validate_hosts(text: str) -> None:
    """Refuse lines that are no name server with its addresses. Raises ValidationError."""
    hosts = read_hosts(text)
    if not hosts:
        raise ValidationError(_("A zone needs at least one name server."), code="required")
    if len({host.name for host in hosts}) != len(hosts):
        raise ValidationError(_("A name server is named twice."), code="twice")
    for host in hosts:
        validate_host(host.name)
        for address in host.addresses:
            # A zone id (%eth0) may hold anything, and means nothing elsewhere.
            try:
                ipaddress.ip_address(address if "%" not in address else "")
            except ValueError:
                raise ValidationError(
                    _("“%(address)s” is no IP address."), code="address", params={"address": address}
                ) from None


def validate_hostmaster(mail: str) -> None:
    """Refuse an address that an SOA record cannot hold. Raises ValidationError."""
    validate_email(mail)
    try:
        rname(mail)
    except (dns.exception.DNSException, UnicodeError):
        raise ValidationError(_("The DNS cannot hold this address."), code="mail") from None


def read_hosts(text: str) -> list[Host]:
    """The name servers of a text: one a line, with addresses behind the name."""
    lines = filter(None, (line.replace(",", " ").split() for line in text.splitlines()))
    return [Host(name.lower().removesuffix("."), tuple(addresses)) for name, *addresses in lines]


def rname(mail: str) -> str:
    """A mail address as an SOA has it, with a dot at the end (RFC 1035 s8). Raises DNSException, UnicodeError."""
    mailbox, _at, domain = mail.rpartition("@")
    labels = [mailbox.encode("ascii"), *(label.encode("ascii") for label in domain.split(".")), b""]
    return dns.name.Name(labels).to_text()


class Zone(models.Model):
    """Where and how numbers are published. There is one; `current` finds it.

    The first part is for every zone, the second (name servers, hostmaster, serial) only for the zone file: a name
    server that takes updates has its own SOA and NS records, and keeps its serial itself.
    """

    suffix = models.CharField(
        _("suffix"),
        max_length=MAX_SUFFIX,
        validators=[validate_suffix],
        help_text=_(
            "The domain name below which numbers are published. When it changes, everything is published anew; what "
            "is below the old name stays there."
        ),
    )
    ttl = models.PositiveIntegerField(
        _("TTL"),
        default=DEFAULT_TTL,
        validators=_LIFETIME,
        help_text=_("Seconds for which resolvers remember a number's records: how long a change may go unnoticed."),
    )
    max_digits = models.PositiveSmallIntegerField(
        _("most digits"),
        default=MAX_DIGITS,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DIGITS)],
        help_text=_("Of a number with its country code."),
    )
    leading_zero = models.BooleanField(
        _("numbers may begin with 0"),
        default=False,
        help_text=_("Never in the public telephone network, but in private ones such as dn42."),
    )
    publishes_caller_names = models.BooleanField(
        _("publish callers' names"),
        default=False,
        help_text=_(
            "As TXT records beside the numbers' own. Anyone can read them, and collect them by asking for one number "
            "after the other. The name servers must allow TXT records."
        ),
    )
    primary = models.CharField(
        _("primary name server"),
        max_length=MAX_SUFFIX,
        blank=True,
        validators=[validate_host],
        help_text=_("In the SOA record of the zone file. Left empty, it is the first of the name servers."),
    )
    hostmaster = models.CharField(
        _("hostmaster"),
        max_length=254,
        default=f"hostmaster@{DEFAULT_HOST}",
        validators=[validate_hostmaster],
        help_text=_("The mail address in the SOA record of the zone file: who looks after the zone."),
    )
    hosts = models.TextField(
        _("name servers"),
        max_length=2_000,
        default=DEFAULT_HOST,
        validators=[validate_hosts],
        help_text=_(
            "The NS records of the zone file, a name on each line. A name inside the zone needs its IP addresses "
            "behind it, separated by blanks."
        ),
    )
    negative_ttl = models.PositiveIntegerField(
        _("TTL of “there is none”"),
        default=DEFAULT_TTL,
        validators=_LIFETIME,
        help_text=_("Seconds for which resolvers remember that a number does not exist, in the zone file."),
    )
    writes_file = models.BooleanField(
        _("keep a zone file"),
        default=True,
        help_text=_("In the data folder, written anew after changes, while no name server is set up."),
    )
    serial = models.PositiveBigIntegerField(default=0, editable=False)
    # A random number that every change replaces, and the one that the zone file was written with.
    revision = models.BigIntegerField(default=1, editable=False)
    filed = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zone")

    def __str__(self) -> str:
        return self.suffix

    @classmethod
    def current(cls) -> Zone:
        """The zone, made with the suffix of the environment when it is first needed."""
        return cls.objects.get_or_create(pk=ZONE, defaults={"suffix": settings.E164WEB.suffix})[0]

    @property
    def rules(self) -> NumberRules:
        """What it takes for a number."""
        return NumberRules(max_digits=self.max_digits, leading_zero=self.leading_zero)

    @property
    def is_public(self) -> bool:
        """Whether its numbers are those of the public telephone network, and no plan of its own."""
        return is_public(self.suffix) and not self.leading_zero

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check every field, with names written as the DNS compares them. Raises ValidationError."""
        self.suffix = self.suffix.strip().lower().removesuffix(".")
        self.primary = self.primary.strip().lower().removesuffix(".")
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse what the fields contradict each other about. Raises ValidationError."""
        super().clean()
        for host in read_hosts(self.hosts):
            inside = self.contains(host.name)
            if inside and not host.addresses:
                message = _("%(name)s is inside the zone, which therefore needs its address.")
                raise ValidationError({"hosts": ValidationError(message, code="glue", params={"name": host.name})})
            if host.addresses and not inside:
                message = _("%(name)s is not inside the zone, where its address would mean nothing.")
                raise ValidationError({"hosts": ValidationError(message, code="glue", params={"name": host.name})})

    def contains(self, name: str) -> bool:
        """Whether a domain name is the zone's own or below it."""
        return name == self.suffix or name.endswith(f".{self.suffix}")
