"""The ways to sign in that the settings open."""

from django import template
from django.conf import settings

from e164web.sign_in.oidc.configuration import Provider

register = template.Library()


@register.simple_tag
def local_login() -> bool:
    """Whether people sign in with a password of this site."""
    return bool(settings.E164WEB.local_login)


@register.simple_tag
def providers() -> list[Provider]:
    """The providers by which people sign in, in the order of the settings."""
    return list(settings.E164WEB.oidc_providers)
