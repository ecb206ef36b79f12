"""Tokens: with what a person's programs act in their name, and how far."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential, validate_printable

MAX_TOKEN_NAME = 100
MAX_BEGINNINGS = 200  # characters; a dozen whole numbers
ID_LENGTH = 12
MAX_DIGEST = 90
MAX_ADDRESS = 64


class Scope(models.TextChoices):
    """What a token allows at most; each includes those before it."""

    READ = "read", _("read")
    WRITE = "write", _("read and write")


class Token(models.Model):
    """What a program shows so as to act for a person. Of the secret only a keyed digest is stored.

    It allows no more than the person may do when it is used, and of that only what `scope` says, with all credentials
    or with `some_credentials`, and with all numbers or those that begin with one of `beginnings`. A token is never
    altered; it expires, or is revoked.
    """

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=MAX_TOKEN_NAME, validators=[validate_printable])
    public_id = models.CharField(max_length=ID_LENGTH, unique=True, editable=False)
    digest = models.CharField(max_length=MAX_DIGEST, editable=False)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope)
    # Said, and not concluded from an empty list: the last credential that is removed must not make all of none.
    every_credential = models.BooleanField(_("all credentials"), default=True)
    some_credentials = models.ManyToManyField(Credential, related_name="+", verbose_name=_("credentials"))
    digits = models.CharField(
        _("digits"), max_length=MAX_BEGINNINGS, blank=True, validators=[RegexValidator(r"\A[0-9]+( [0-9]+)*\Z")]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True)
    last_address = models.CharField(max_length=MAX_ADDRESS, blank=True)
    # The minute in which its requests are counted, and how many there were (`services.tokens.limits`).
    window = models.BigIntegerField(default=0, editable=False)
    window_used = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The digits with which its numbers begin; none where it is for all numbers."""
        return tuple(self.digits.split())
