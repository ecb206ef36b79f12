"""What administrators do for the dashboard: make people, and allow registries."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dashboard.models import Registry, User
from dashboard.services import zones

admin.site.site_header = admin.site.site_title = "e164web"
admin.site.index_title = _("Administration")

if TYPE_CHECKING:
    PersonAdmin_ = UserAdmin[User]
    RegistryAdmin_ = admin.ModelAdmin[Registry]
    Fields_ = list[str | list[str] | tuple[str, ...] | tuple[()]]
else:
    PersonAdmin_, RegistryAdmin_, Fields_ = UserAdmin, admin.ModelAdmin, list


@admin.register(User)
class PersonAdmin(PersonAdmin_):
    """People: their password, and whether they may administrate."""

    list_display = ("username", "first_name", "last_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )


@admin.register(Registry)
class RegistryAdmin(RegistryAdmin_):
    """Registries: where secrets may be sent is decided here, and who is asked what the DNS says."""

    list_display = ("name", "url", "published_below", "is_enabled")
    list_filter = ("is_enabled",)
    search_fields = ("name", "url", "suffix")

    def get_fields(self, request: HttpRequest, obj: Registry | None = None) -> Fields_:
        """The embedded registry has a zone of its own, which says where it publishes and who answers for it."""
        of_embedded = ["published_below"] if obj is not None and obj.is_embedded else ["suffix", "name_servers"]
        return ["name", "url", "ca_bundle", "is_enabled", *of_embedded]

    def get_readonly_fields(self, request: HttpRequest, obj: Registry | None = None) -> tuple[str, ...]:
        """What is only shown."""
        return ("published_below",) if obj is not None and obj.is_embedded else ()

    @admin.display(description=_("Suffix"), ordering="suffix")
    def published_below(self, registry: Registry) -> str:
        """Where it publishes."""
        return zones.suffix_of(registry)
