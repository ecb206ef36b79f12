"""How roles and rights are said in templates."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext, gettext_noop

from dashboard.models import Role, Share

register = template.Library()

_MAY_IN_TEAM = {
    Role.VIEWER: gettext_noop("You may look at the numbers, records and history that are shared here."),
    Role.EDITOR: gettext_noop("You may look at and change the records that are shared here."),
    Role.MANAGER: gettext_noop("You manage it: members, invitations and what is shared, and all that editors may."),
}
_RIGHTS = {
    Role.VIEWER: gettext_noop("every member may only look"),
    Role.EDITOR: gettext_noop("editors and managers may change records"),
    Role.MANAGER: gettext_noop("each member may what their role says"),
}


@register.filter
def role_name(role: str) -> str:
    """A role in one word."""
    return str(Role(role).label)


@register.filter
def may_in_team(role: str) -> str:
    """What a member with this role may do, said to them."""
    return gettext(_MAY_IN_TEAM[Role(role)])


@register.filter
def right(role: str) -> str:
    """What the role of a share lets members do with its credential."""
    return gettext(_RIGHTS[Role(role)])


@register.filter
def teams_of(shares: Iterable[Share]) -> str:
    """The names of the teams of shares, in one line."""
    return ", ".join(share.team.name for share in shares)
