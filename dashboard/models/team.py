"""Teams: who works together, with what right, on which credentials."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential, validate_printable
from dashboard.models.user import User

MAX_TEAM_NAME = 100
INVITATION_DAYS = 7  # that an invitation can be used


class Role(models.TextChoices):
    """What a member may do in a team, or members through a share; each includes those before it."""

    VIEWER = "viewer", _("viewer")
    EDITOR = "editor", _("editor")
    MANAGER = "manager", _("manager")


class Team(models.Model):
    """People who work together. It has at least one manager (`dashboard.services.people`).

    A job of more numbers than `approval_above` needs a second person; none does where that is null.

    ``role`` is that of the person who asked for it (`dashboard.access`).
    """

    role: str

    name = models.CharField(_("name"), max_length=MAX_TEAM_NAME, validators=[validate_printable])
    approval_above = models.PositiveIntegerField(_("second person above"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="team_name_once",
                violation_error_message=_("There is a team with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a team, with one role."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("team"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["user__username", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class Share(models.Model):
    """A credential in a team. A member may do with it what both roles allow: the member's, and that of the share."""

    credential = models.ForeignKey(
        Credential, on_delete=models.CASCADE, related_name="shares", verbose_name=_("credential")
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="shares", verbose_name=_("team"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["credential__label", "pk"]
        constraints = [models.UniqueConstraint(fields=["credential", "team"], name="shared_once")]

    def __str__(self) -> str:
        return f"{self.credential}, {self.get_role_display()}"


def _default_expiry() -> datetime:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


class Invitation(models.Model):
    """A way into a team that works once. Its link is a signature of what it is: the database alone makes none."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("team"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    # Where it was sent, for those who look at the list; whoever has the link may use it.
    email = models.EmailField(_("e-mail address"), blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=_default_expiry)
    taken_back_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.team}, {self.get_role_display()}"
