"""Where administrators say what the zones are, and which numbers others serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.registry import zones
from dashboard.registry.downloads import zone_downloaded
from dashboard.registry.layout import Layout
from dashboard.registry.models import ZONE, Delegation, Zone
from dashboard.registry.publishing import zone_file

if TYPE_CHECKING:
    ZoneForm_ = forms.ModelForm[Zone]
    ZoneAdmin_ = admin.ModelAdmin[Zone]
    DelegationForm_ = forms.ModelForm[Delegation]
    DelegationAdmin_ = admin.ModelAdmin[Delegation]
else:
    ZoneForm_ = DelegationForm_ = forms.ModelForm
    ZoneAdmin_ = DelegationAdmin_ = admin.ModelAdmin

ZONE_FILE = "text/dns"  # RFC 4027
_IN_THE_FILE = ("primary", "hostmaster", "hosts", "negative_ttl", "writes_file", "zone_file")
SHOWN = 20  # numbers that no zone publishes


class ZoneForm(ZoneForm_):
    """A zone, whose rules may not become narrower than the numbers that are there."""

    class Meta:
        model = Zone
        fields = "__all__"

    def clean(self) -> dict[str, Any] | None:
        """Refuse rules that stored numbers break. Raises ValidationError."""
        cleaned = super().clean()
        if {"max_digits", "leading_zero"} & set(self.changed_data) and not self.errors:
            wanted = Zone(
                pk=self.instance.pk,
                suffix=self.cleaned_data["suffix"],
                apex=self.cleaned_data["apex"],
                max_digits=self.cleaned_data["max_digits"],
                leading_zero=self.cleaned_data["leading_zero"],
            )
            zones.refuse_narrower_rules(wanted)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Only now the names are written as they will be stored.
        if not self.errors:
            try:
                zones.refuse_contradiction(self.instance)
            except forms.ValidationError as error:
                self.add_error(None, error)


@admin.register(Zone)
class ZoneAdmin(ZoneAdmin_):
    """The zones. Where there is one, as mostly, the list leads to it."""

    form = ZoneForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "suffix",
                    "apex",
                    "ttl",
                    "max_digits",
                    "leading_zero",
                    "publishes_caller_names",
                    "not_published",
                    "for_the_zone_above",
                )
            },
        ),
        (_("Zone file"), {"fields": _IN_THE_FILE}),
    )
    readonly_fields = ("zone_file", "not_published", "for_the_zone_above")
    list_display = ("__str__", "suffix", "ttl", "its_servers")

    @admin.display(description=_("Zone file"))
    def zone_file(self, zone: Zone) -> str:
        """Lead to the file."""
        if zone.pk is None:
            return "-"
        url = reverse("admin:registry_zone_file", args=[zone.pk])
        return format_html('<a href="{}">{}</a>', url, _("Download the zone file"))

    @admin.display(description=_("Name servers"))
    def its_servers(self, zone: Zone) -> str:
        """Their addresses."""
        return ", ".join(str(server) for server in zone.name_servers.all()) or "-"

    @admin.display(description=_("Numbers that are not published"))
    def not_published(self, zone: Zone) -> str:
        """Those that are in no zone or delegated, each with the reason."""
        sentences, count = zones.unpublished(SHOWN)
        if count > len(sentences):
            sentences.append(gettext("And %(count)d more.") % {"count": count - len(sentences)})
        return format_html_join(mark_safe("<br>"), "{}", ((sentence,) for sentence in sentences)) or "-"

    @admin.display(description=_("For the zone above"))
    def for_the_zone_above(self, zone: Zone) -> str:
        """What the zone above must have of this one."""
        if zone.pk is None:
            return "-"
        return format_html(
            "<pre>{}</pre><p>{}</p>",
            "\n".join(zones.registration(zone)),
            _("If you sign the zone, add its DS records (ds-rdata). For dn42, docs/dn42.md goes through all of it."),
        )

    def get_urls(self) -> list[URLPattern]:
        """Django's, and the zone file's."""
        view = self.admin_site.admin_view(self.download)
        return [path("<int:pk>/file/", view, name="registry_zone_file"), *super().get_urls()]

    def download(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The zone file, a line at a time. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        zone = get_object_or_404(Zone, pk=pk)
        zone_downloaded.send(ZoneAdmin, user=request.user, zone=zone.origin)
        lines = zone_file.lines(zone, zone_file.next_serial(zone))
        response = StreamingHttpResponse((line.encode("ascii") for line in lines), content_type=ZONE_FILE)
        response["Content-Disposition"] = f'attachment; filename="{zone.origin}.zone"'
        response["Cache-Control"] = "no-store"
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the zone, if there is only one."""
        first = Zone.current()
        if Zone.objects.count() > 1:
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:registry_zone_change", args=[first.pk]))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """All zones of a registry share the suffix."""
        return super().get_changeform_initial_data(request) | {"suffix": Zone.current().suffix}

    def has_delete_permission(self, request: HttpRequest, obj: Zone | None = None) -> bool:
        """Without the first zone there is no registry, and one with name servers is still in use."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and obj.pk != ZONE and not obj.name_servers.exists()

    def save_model(self, request: HttpRequest, obj: Zone, form: ZoneForm, change: bool) -> None:
        """Save, and have everything published that it concerns."""
        zones.save_zone(obj)

    def delete_model(self, request: HttpRequest, obj: Zone) -> None:
        """Delete, and have its numbers published by the zone above."""
        zones.delete_zone(obj)


class DelegationForm(DelegationForm_):
    """A delegation, out of the zone that is above it."""

    class Meta:
        model = Delegation
        fields = ("digits", "hosts", "ds")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                zones.refuse_lost_delegation(self.instance)
            except forms.ValidationError as error:
                self.add_error(None, error)


@admin.register(Delegation)
class DelegationAdmin(DelegationAdmin_):
    """Which numbers others serve."""

    form = DelegationForm
    list_display = ("__str__", "its_zone", "hosts", "is_signed")
    search_fields = ("digits", "hosts")
    show_full_result_count = False
    actions = None  # deleting goes one by one, with the numbers that come back

    @admin.display(description=_("Zone"))
    def its_zone(self, delegation: Delegation) -> str:
        """The zone that names their servers."""
        return str(Layout.current().zone_above(delegation.digits) or "-")

    @admin.display(description=_("Signed"), boolean=True)
    def is_signed(self, delegation: Delegation) -> bool:
        """Whether there are DS records."""
        return bool(delegation.ds.strip())

    def save_model(self, request: HttpRequest, obj: Delegation, form: DelegationForm, change: bool) -> None:
        """Save, have published what it concerns, and say which numbers that takes away."""
        zones.save_delegation(obj)
        sentences, count = zones.unpublished(SHOWN, obj.digits)
        for sentence in sentences:
            self.message_user(request, sentence, messages.WARNING)
        if count > len(sentences):
            self.message_user(request, gettext("And %(count)d more.") % {"count": count - len(sentences)})

    def delete_model(self, request: HttpRequest, obj: Delegation) -> None:
        """Take it back."""
        zones.delete_delegation(obj)
