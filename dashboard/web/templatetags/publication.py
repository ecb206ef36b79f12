"""What waits to be published, for templates."""

from django import template

from dashboard.models import Credential
from dashboard.protocol import Number
from dashboard.services.dns import publication
from dashboard.services.dns.publication import Notice

register = template.Library()


@register.simple_tag
def waiting(credential: Credential, number: Number) -> list[Notice]:
    """The name servers that do not have the number's last change."""
    return publication.waiting(credential.registry, number)


@register.simple_tag
def troubles() -> list[Notice]:
    """The name servers that an administrator should look at."""
    return publication.troubles()
