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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import NumberError, NumberRules, check_suffix, domain_name, is_public

MAX_DIGITS = 15  # ITU-T E.164; also the most that some telephone systems can look up
ZONE = 1  # the key of the first zone, which is always there
MAX_SUFFIX = 253  # RFC 1035 s2.3.4
MIN_TTL, MAX_TTL, DEFAULT_TTL = 60, 7 * 86_400, 300  # seconds
DEFAULT_HOST = "localhost"  # has an address on every machine, and promises nothing to anybody

_DIGITS = re.compile(r"[0-9](?:\.[0-9])*")
_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_LIFETIME = [MinValueValidator(MIN_TTL), MaxValueValidator(MAX_TTL)]


class Host(NamedTuple):
    """A name server in NS records, with the addresses that the zone must have for it."""

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


def validate_apex(name: str) -> None:
    """Refuse what is no domain name. Raises ValidationError."""
    try:
        domain_name("1", name)
    except NumberError as error:
        raise ValidationError(gettext(error.message) % error.params, code="apex") from None


def validate_host(name: str) -> None:
    """Refuse what is no host name. Raises ValidationError."""
    if not _HOST.fullmatch(name.lower().removesuffix(".")):
        raise ValidationError(_("“%(name)s” is no host name."), code="host", params={"name": name})


def validate_hosts(text: str) -> None:
    """Refuse lines that are no name server with its addresses. Raises ValidationError."""
    hosts = read_hosts(text)
    if not hosts:
        raise ValidationError(_("At least one name server is needed."), code="required")
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
    """Where and how numbers are published. The first one is always there; `current` finds it.

    Numbers count from the suffix, which all zones of a registry share. The zone itself begins at its apex: mostly the
    suffix too, a name below it where only a part of the numbers was delegated to us, or a name above it where the
    numbers have no zone of their own. Which of several zones holds a number, `dashboard.registry.layout` decides.

    The first part is for every zone, the second (name servers, hostmaster, serial) only for the zone file: a name
    server that takes updates has its own SOA and NS records, and keeps its serial itself.
    """

    suffix = models.CharField(
        _("suffix"),
        max_length=MAX_SUFFIX,
        validators=[validate_suffix],
        help_text=_(
            "The domain name that numbers count from, such as e164.arpa or tel.dn42; all zones share it. When it "
            "changes, everything is published anew; what is below the old name stays there."
        ),
    )
    # Empty where it is the suffix, so that it goes with that.
    apex = models.CharField(
        _("apex"),
        max_length=MAX_SUFFIX,
        blank=True,
        unique=True,
        validators=[validate_apex],
        error_messages={"unique": _("There is a zone with this apex already.")},
        help_text=_(
            "The domain name at which the zone begins, where its SOA record is: 0.0.0.0.4.2.4.0.tel.dn42, if that is "
            "what was delegated to you. Left empty, it is the suffix."
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
        verbose_name_plural = _("zones")

    def __str__(self) -> str:
        return self.origin

    @classmethod
    def current(cls) -> Zone:
        """The first zone, made as the environment says when it is first needed."""
        return cls.objects.get_or_create(
            pk=ZONE, defaults=first_zone(settings.E164WEB.suffix, settings.E164WEB.zone)
        )[0]

    @classmethod
    def rules_for(cls, digits: str) -> NumberRules:
        """What it takes for a number that begins so: what its zone says, or the first one where it is in none."""
        first = cls.current()
        holding = [zone for zone in cls.objects.all() if digits.startswith(zone.prefix)]
        return max(holding, key=lambda zone: len(zone.prefix), default=first).rules

    @property
    def origin(self) -> str:
        """The domain name of the apex."""
        return self.apex or self.suffix

    @property
    def prefix(self) -> str:
        """The digits with which all numbers of the zone begin; none where the apex is not below the suffix."""
        labels = self.origin.removesuffix(f".{self.suffix}")
        return "" if labels == self.origin else labels.replace(".", "")[::-1]

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
        self.apex = self.apex.strip().lower().removesuffix(".")
        if self.apex == self.suffix:
            self.apex = ""
        self.primary = self.primary.strip().lower().removesuffix(".")
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Refuse what the fields contradict each other about. Raises ValidationError."""
        super().clean()
        self._clean_apex()
        for host in read_hosts(self.hosts):
            inside = self.contains(host.name)
            if inside and not host.addresses:
                message = _("%(name)s is inside the zone, which therefore needs its address.")
                raise ValidationError({"hosts": ValidationError(message, code="glue", params={"name": host.name})})
            if host.addresses and not inside:
                message = _("%(name)s is not inside the zone, where its address would mean nothing.")
                raise ValidationError({"hosts": ValidationError(message, code="glue", params={"name": host.name})})

    def _clean_apex(self) -> None:
        names = {"apex": self.origin, "suffix": self.suffix}
        below = self.origin.removesuffix(f".{self.suffix}")
        if below == self.origin:
            if not self.contains(self.suffix):
                message = _("No number is in this zone: %(apex)s is neither below %(suffix)s nor above it.")
                raise ValidationError({"apex": ValidationError(message, code="apex", params=names)})
        elif not _DIGITS.fullmatch(below):
            message = _("No number is in this zone: between %(apex)s and %(suffix)s each label must be one digit.")
            raise ValidationError({"apex": ValidationError(message, code="apex", params=names)})
        elif len(self.prefix) > self.max_digits:
            message = _("No number is in this zone: all would have more than %(limit)d digits.")
            raise ValidationError({"apex": ValidationError(message, code="apex", params={"limit": self.max_digits})})
        elif self.prefix.startswith("0") and not self.leading_zero:
            message = _("All numbers below %(apex)s begin with 0: allow that.")
            raise ValidationError({"leading_zero": ValidationError(message, code="leading-zero", params=names)})

    def contains(self, name: str) -> bool:
        """Whether a domain name is the zone's own or below it."""
        return name == self.origin or name.endswith(f".{self.origin}")


def first_zone(suffix: str, apex: str) -> dict[str, object]:
    """The fields of a zone at `apex` ("": the suffix) whose numbers count from `suffix`, the rest being as usual."""
    zone = Zone(suffix=suffix, apex="" if apex == suffix else apex)
    return {"suffix": zone.suffix, "apex": zone.apex, "leading_zero": zone.prefix.startswith("0")}
