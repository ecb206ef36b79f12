"""What administrators do for the dashboard: make people, and allow registries."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from dashboard.models import Registry, User

admin.site.site_header = admin.site.site_title = "e164web"
admin.site.index_title = _("Administration")

if TYPE_CHECKING:
    PersonAdmin_ = UserAdmin[User]
    RegistryAdmin_ = admin.ModelAdmin[Registry]
else:
    PersonAdmin_, RegistryAdmin_ = UserAdmin, admin.ModelAdmin


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
    """Registries: where secrets may be sent is decided here."""

    list_display = ("name", "url", "is_enabled")
    list_filter = ("is_enabled",)
    search_fields = ("name", "url")
