"""Registries that an administrator allows."""

import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import DEFAULT_SUFFIX, NumberError, check_suffix
from dashboard.nameservers import Address, AddressError

EMBEDDED_URL = "embedded://registry/e164/api"
NOT_VISIBLE_ASCII = re.compile(r"[^!-~]")
MAX_NAME_SERVERS = 8  # more than a page asks, and any delegation needs


def validate_registry_url(url: str) -> None:
    """Refuse an address that the client would not speak to: only TLS, or the registry inside this process.

    Raises ValidationError. The protocol "requires the use of SSL" (protocol-1.0, general notes).
    """
    if url == EMBEDDED_URL:
        return
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    # Letters of other scripts look like ours: a name in another script is written as the DNS has it (xn--...).
    if not is_whole or NOT_VISIBLE_ASCII.search(url):
        raise ValidationError(_("The address must begin with https:// and name a host, in ASCII."), code="scheme")
    if "@" in parts.netloc or parts.fragment:
        raise ValidationError(_("The address must hold neither a user name nor a fragment."), code="userinfo")


def validate_ca_bundle(path: str) -> None:
    """Refuse a bundle that the server cannot read. Raises ValidationError."""
    if not Path(path).is_file():
        raise ValidationError(_("There is no such file on the server."), code="missing")


def validate_suffix(suffix: str) -> None:
    """Refuse what is no domain name, or too long to have numbers below it. Raises ValidationError."""
    try:
        check_suffix(suffix)
    except NumberError as error:
        raise ValidationError(gettext(error.message), code="suffix") from None


def validate_name_servers(text: str) -> None:
    """Refuse addresses that are none. Raises ValidationError, which says which."""
    try:
        found = read_name_servers(text)
    except AddressError as error:
        raise ValidationError(gettext(error.message) % error.params, code="address") from None
    if len(found) > MAX_NAME_SERVERS:
        raise ValidationError(
            _("At most %(limit)d name servers are asked."), code="too-many", params={"limit": MAX_NAME_SERVERS}
        )


def read_name_servers(text: str) -> tuple[Address, ...]:
    """The addresses in a text, separated by commas, blanks or line ends, each once. Raises AddressError."""
    return tuple(dict.fromkeys(Address.parse(word) for word in text.replace(",", " ").split()))


class Registry(models.Model):
    """A server that speaks the protocol. Only administrators make these: the address decides where secrets go."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    url = models.CharField(
        _("address"),
        max_length=500,
        unique=True,
        validators=[validate_registry_url],
        help_text=_("Where the protocol is spoken, such as https://registry.example/api."),
    )
    ca_bundle = models.CharField(
        _("CA bundle"),
        max_length=500,
        blank=True,
        validators=[validate_ca_bundle],
        help_text=_(
            "A file of PEM certificates on the server, when the registry's certificate is not publicly trusted."
        ),
    )
    is_enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("Nothing is sent to a disabled registry.")
    )
    suffix = models.CharField(
        _("suffix"),
        max_length=253,
        default=DEFAULT_SUFFIX,
        validators=[validate_suffix],
        help_text=_("The domain name below which the registry publishes its numbers, such as e164.arpa or tel.dn42."),
    )
    name_servers = models.TextField(
        _("name servers"),
        max_length=1000,
        blank=True,
        validators=[validate_name_servers],
        help_text=_(
            "Who is asked what the DNS says, such as ns1.example.org or 192.0.2.1:5300; several are separated by "
            "commas. Left empty, they are found in the DNS."
        ),
    )

    class Meta:
        verbose_name = _("registry")
        verbose_name_plural = _("registries")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_embedded(self) -> bool:
        """Whether this is the registry that e164web carries itself."""
        return self.url == EMBEDDED_URL

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check every field, and write the suffix as the DNS compares it: in small letters, without a dot at the end.

        Raises ValidationError.
        """
        self.suffix = self.suffix.strip().lower().removesuffix(".")
        super().clean_fields(exclude)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Its name servers; none where they are to be found in the DNS."""
        return read_name_servers(self.name_servers)
