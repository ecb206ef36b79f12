"""What belongs to a person or to a team."""

from django.db import models
from django.db.models import Q

from dashboard.models.team import Team
from dashboard.models.user import User


class Whose(models.Model):
    """Something of a person or of a team, and not of both. Who may do what with it: `access.of_theirs`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
                name="%(class)s_of_one",
            )
        ]
