"""The embedded registry as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """A real registry inside the same project; the dashboard reaches it only through the protocol."""

    name = "dashboard.registry"
    label = "registry"
    verbose_name = _("Embedded registry")
