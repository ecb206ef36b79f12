"""How events of the audit trail are shown in templates."""

from django import template
from django.utils.translation import gettext as _

from dashboard.models import AuditEvent
from dashboard.services.audit import called

register = template.Library()


@register.filter
def event_name(event: str) -> str:
    """What an event is called, in the language of the page."""
    return called(event)


@register.filter
def about_what(event: AuditEvent) -> list[str]:
    """Whom and what an event concerns, as far as it says."""
    said = (
        (event.about_name, "%(name)s"),
        (event.team_name, _("team %(name)s")),
        (event.credential_name, _("credential %(name)s")),
    )
    return [text % {"name": name} for name, text in said if name]
