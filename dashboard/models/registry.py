"""Registries that an administrator allows."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

EMBEDDED_URL = "embedded://registry/e164/api"
NOT_VISIBLE_ASCII = re.compile(r"[^!-~]")


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
