"""What administrators do for the dashboard: make people, and allow registries."""

from typing import TYPE_CHECKING, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dashboard.models import Registry, User
from dashboard.services import second_factors, zones
from dashboard.web.views.requests import confirm_first

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
    actions = ("remove_factors",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )

    @admin.action(description=_("Remove second factors"), permissions=["change"])
    def remove_factors(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        """Let people in who lost theirs; asks first."""
        confirm_first(request)
        if request.POST.get("confirmed") != "yes":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Remove second factors?"),
                "people": people,
            }
            return render(request, "admin/dashboard/user/remove_factors.html", context)
        by = cast("User", request.user)
        removed = sum(bool(second_factors.remove_all(person, by=by, words="admin")) for person in people)
        sentence = ngettext(
            "%(number)d person has no second factor any more.",
            "%(number)d people have no second factor any more.",
            removed,
        )
        self.message_user(request, sentence % {"number": removed})
        return None


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
