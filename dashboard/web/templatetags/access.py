"""What a page offers to the person who looks at it."""

from django import template

from dashboard.access import May
from dashboard.models import Credential

register = template.Library()


@register.filter
def may(credential: Credential, what: str) -> bool:
    """Whether the person who asked for a credential may "edit", "manage" or "own" it (`dashboard.access`)."""
    return credential.may >= May[what.upper()]
