"""Credentials."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.registry import Registry

MAX_LABEL = 100
MAX_LOGIN = 150  # characters of a user name; the protocol sets no limit


def validate_printable(text: str) -> None:
    """Refuse control characters. Raises ValidationError."""
    if not text.isprintable():
        raise ValidationError(_("This must not hold control characters."), code="control")


class Credential(models.Model):
    """One person's login at a registry. ``sealed`` opens only in `dashboard.vault`, and only for this row.

    ``may`` is how much the person may do who asked for it (`dashboard.access`). ``teams`` are the names of the teams
    through which they see it; of their own, of those that it is shared with (`services.credentials.with_teams`).
    """

    may: int
    teams: list[str]

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="credentials", verbose_name=_("user"))
    registry = models.ForeignKey(
        Registry, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("registry")
    )
    label = models.CharField(_("label"), max_length=MAX_LABEL, validators=[validate_printable])
    username = models.CharField(_("user name"), max_length=MAX_LOGIN, validators=[validate_printable])
    sealed = models.TextField(editable=False)
    # What `listservices` said last, so that a number's page costs one command and not two.
    services = models.JSONField(default=list, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    # Empty when the last check found everything well, otherwise the sentence that says what is wrong.
    problem = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "label"],
                name="credential_label_once",
                violation_error_message=_("You already have a credential with this label."),
            ),
            models.UniqueConstraint(
                fields=["user", "registry", "username"],
                name="credential_login_once",
                violation_error_message=_("You already have a credential for this user name at this registry."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def seal_owner(self) -> str:
        """What the sealed secret is bound to: this row, and where the secret is sent in whose name."""
        return f"credential:{self.pk}:{self.registry_id}:{self.username}"

    @property
    def works(self) -> bool:
        """Whether the last check succeeded."""
        return self.checked_at is not None and not self.problem
