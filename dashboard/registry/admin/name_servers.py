"""Where administrators say which name servers publish a zone, and see what is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.nameservers import Key, NameServerError, TsigKeyError, serial_of
from dashboard.registry import zones
from dashboard.registry.models import BLOCK, NameServer, Publication, Zone
from dashboard.registry.publishing import queue
from dashboard.registry.search import matching, sought
from dashboard.vault import SealError

if TYPE_CHECKING:
    NameServerForm_ = forms.ModelForm[NameServer]
    NameServerAdmin_ = admin.ModelAdmin[NameServer]
    PublicationAdmin_ = admin.ModelAdmin[Publication]
else:
    NameServerForm_ = forms.ModelForm
    NameServerAdmin_ = PublicationAdmin_ = admin.ModelAdmin

CHECK_TIMEOUT = 3.0  # seconds


class NameServerForm(NameServerForm_):
    """A name server, whose key is typed and never shown."""

    key = forms.CharField(
        label=_("TSIG key"),
        required=False,
        max_length=2_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "What tsig-keygen prints, or algorithm:name:secret. A server that exists keeps its key if this is empty."
        ),
    )

    class Meta:
        model = NameServer
        fields = ("zone", "address", "is_enabled")

    def clean_key(self) -> Key | None:
        """Read the key. Raises ValidationError, which does not quote it."""
        text: str = self.cleaned_data["key"]
        try:
            return Key.parse(text) if text else None
        except TsigKeyError as error:
            raise forms.ValidationError(gettext(error.message) % error.params, code="key") from None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Only now the address is written as it will be stored.
        if self.errors or self.cleaned_data["key"] is not None:
            return
        if self.instance.pk is None:
            self.add_error("key", _("Updates are signed: a name server needs a key."))
        elif not NameServer.objects.filter(pk=self.instance.pk, address=self.instance.address).exists():
            self.add_error("key", _("Enter the key again: it would be used at another address."))
        elif not NameServer.objects.filter(pk=self.instance.pk, zone=self.instance.zone).exists():
            self.add_error("key", _("Enter the key again: it would be used for another zone."))


@admin.register(NameServer)
class NameServerAdmin(NameServerAdmin_):
    """Name servers: what they have, and what keeps them from it."""

    form = NameServerForm
    fields = (
        "zone",
        "address",
        "key",
        "is_enabled",
        "state",
        "waiting",
        "key_name",
        "serial",
        "seen_at",
        "reconciled_at",
    )
    readonly_fields = ("state", "waiting", "key_name", "serial", "seen_at", "reconciled_at")
    list_display = ("address", "zone", "is_enabled", "state", "waiting", "seen_at")
    actions = ("resume", "ask_now", "send_everything")
    show_full_result_count = False

    @admin.display(description=_("State"))
    def state(self, server: NameServer) -> str:
        """In one sentence."""
        if server.is_refusing and server.is_enabled:
            sentence = gettext("Refuses; tried again at %(time)s, or at once with “Resume”. %(problem)s")
        elif not server.is_enabled:
            sentence = gettext("Disabled.")
        else:
            sentence = "%(problem)s" if server.problem else gettext("Works.") if server.seen_at else gettext("New.")
        return sentence % {"problem": server.problem, "time": _time(server)}

    @admin.display(description=_("Waiting"))
    def waiting(self, server: NameServer) -> str:
        """How many numbers it lacks, leading to them."""
        if server.pk is None:
            return "-"
        url = reverse("admin:registry_publication_changelist")
        query = f"?name_server__id__exact={server.pk}&state=waiting"
        count = number_format(queue.pending(server.pk).count(), force_grouping=True)
        return format_html('<a href="{}{}">{}</a>', url, query, count)

    @admin.action(description=_("Resume: try the selected servers at once"), permissions=["change"])
    def resume(self, request: HttpRequest, servers: QuerySet[NameServer]) -> None:
        """End the pause, and take away the alarm until it refuses again."""
        count = zones.resume(servers)
        self.message_user(request, gettext("Resumed: %(count)d.") % {"count": count})

    @admin.action(description=_("Check: ask the selected servers for the zone now"), permissions=["change"])
    def ask_now(self, request: HttpRequest, servers: QuerySet[NameServer]) -> None:
        """Ask for the serial, signed, and say what comes back."""
        for server in servers.select_related("zone"):
            try:
                serial = serial_of(server.place, server.zone.origin, key=server.key, timeout=CHECK_TIMEOUT)
            except NameServerError as error:
                self.message_user(request, gettext(error.message) % error.params, messages.ERROR)
            except SealError:
                sentence = gettext("The key of %(server)s cannot be opened: enter it again.") % {"server": server}
                self.message_user(request, sentence, messages.ERROR)
            else:
                sentence = gettext("%(server)s accepts the key and has the zone with serial %(serial)d.")
                self.message_user(request, sentence % {"server": server, "serial": serial}, messages.SUCCESS)

    @admin.action(description=_("Send everything to the selected servers once more"), permissions=["change"])
    def send_everything(self, request: HttpRequest, servers: QuerySet[NameServer]) -> None:
        """Enqueue every number."""
        for server in servers:
            zones.send_everything(server)
        self.message_user(request, gettext("All numbers wait to be sent."))

    def save_model(self, request: HttpRequest, obj: NameServer, form: NameServerForm, change: bool) -> None:
        """Save with the key, if one was typed."""
        zones.save_name_server(obj, form.cleaned_data["key"])

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Mostly there is one zone."""
        return super().get_changeform_initial_data(request) | {"zone": Zone.current().pk}

    def get_deleted_objects(
        self, objs: Iterable[NameServer], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The servers alone: what is known of 100,000 numbers at each goes too, and need not be listed."""
        servers = [str(server) for server in objs]
        return servers, {str(NameServer._meta.verbose_name_plural): len(servers)}, set(), []

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No filter that gives a sealed key away, a character at a time."""
        return not lookup.startswith("sealed") and super().lookup_allowed(lookup, value, request)


def _time(server: NameServer) -> str:
    at = server.retry_at or timezone.now()
    return date_format(timezone.localtime(at), "H:i")


class StateFilter(admin.SimpleListFilter):
    """What is waiting, what cannot be published, and what was left out."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, Any]]:
        """What there is to choose."""
        yield "waiting", _("waiting")
        yield "problem", _("with a problem")
        yield "note", _("with records left out")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Publication]) -> QuerySet[Publication]:
        """Those that were chosen."""
        chosen = {
            "waiting": ~Q(done=F("wanted")),
            "problem": ~Q(done=F("wanted")) & ~Q(problem=""),
            "note": ~Q(note=""),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


@admin.register(Publication)
class PublicationAdmin(PublicationAdmin_):
    """What each name server has of each number. To be read; the store and the publisher write it."""

    list_display = ("__str__", "name_server", "is_published", "since", "done_at", "problem", "note")
    list_display_links = None
    list_filter = (StateFilter, "name_server")
    list_select_related = ("name_server",)
    search_fields = ("name",)
    search_help_text = _("A number or a part of it in any writing, or its domain name.")
    show_full_result_count = False
    ordering = ("-since", "pk")
    actions = ("hurry",)

    @admin.display(description=_("Published"), boolean=True)
    def is_published(self, publication: Publication) -> bool:
        """Whether the server has it as it is."""
        return not publication.is_pending

    @admin.action(description=_("Try the selected numbers now"))
    def hurry(self, request: HttpRequest, publications: QuerySet[Publication]) -> None:
        """End their pause."""
        queue.hurry_these(publications)
        self.message_user(request, gettext("They are tried now."))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Publication], search_term: str
    ) -> tuple[QuerySet[Publication], bool]:
        """Compare digits, however the number was written."""
        if not search_term.strip():
            return queryset, False
        wanted = sought(search_term)
        return (queryset.filter(matching(wanted, "name", star=BLOCK)) if wanted else queryset.none()), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come from changes."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        """They are no one's to change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        """Without them nobody would know which names are ours."""
        return False
