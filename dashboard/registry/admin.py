"""Where administrators give accounts and numbers out. Numbers and records are changed through the store only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dashboard.registry import store
from dashboard.registry.models import Account, Number, Record
from dashboard.registry.search import digits_in, numbers_matching

if TYPE_CHECKING:
    AccountForm_ = forms.ModelForm[Account]
    AccountAdmin_ = admin.ModelAdmin[Account]
    NumberAdmin_ = admin.ModelAdmin[Number]
    RecordAdmin_ = admin.ModelAdmin[Record]
    RecordInline_ = admin.StackedInline[Record, Number]
    NumberForm_ = forms.ModelForm[Number]
    RecordForm_ = forms.ModelForm[Record]
    RecordFormSet_ = forms.BaseModelFormSet[Record, RecordForm_]
else:
    AccountForm_ = forms.ModelForm
    AccountAdmin_ = NumberAdmin_ = RecordAdmin_ = admin.ModelAdmin
    RecordInline_ = admin.StackedInline

RECORD_FIELDS = ("preference", "service", "hostdata")


class AccountForm(AccountForm_):
    """An account with a password that is typed and never shown: only a hash of it is kept."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("An account that exists keeps its password if this is empty."),
    )

    class Meta:
        model = Account
        fields = ("username", "is_active", "note")

    def clean_password(self) -> str:
        """Ask for a password where there is none yet. Raises ValidationError."""
        password: str = self.cleaned_data["password"]
        if not password and self.instance.pk is None:
            raise forms.ValidationError(_("A new account needs a password."), code="required")
        return password

    def save(self, commit: bool = True) -> Account:
        """Hash the password, if one was typed."""
        if password := self.cleaned_data["password"]:
            self.instance.set_password(password)
        return super().save(commit)


@admin.register(Account)
class AccountAdmin(AccountAdmin_):
    """Accounts, found by name or note. One that has numbers is made inactive, not deleted."""

    form = AccountForm
    fields = ("username", "password", "is_active", "note", "its_numbers", "created_at")
    readonly_fields = ("its_numbers", "created_at")
    list_display = ("username", "is_active", "note", "its_numbers")
    list_filter = ("is_active",)
    search_fields = ("username", "note")
    show_full_result_count = False

    @admin.display(description=_("Numbers"))
    def its_numbers(self, account: Account) -> str:
        """Lead to the account's numbers: to show them here could mean 100,000."""
        if account.pk is None:
            return "-"
        url = reverse("admin:registry_number_changelist")
        return format_html('<a href="{}?account__id__exact={}">{}</a>', url, account.pk, _("Show the numbers"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """As for Django's own users: no filter that gives the hash of a secret away, a character at a time."""
        return not lookup.startswith("secret_hash") and super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        """Only an account without numbers can go; so deleting several at once is not offered."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not obj.numbers.exists()


class RecordInline(RecordInline_):
    """The records of a number, on the number's page."""

    model = Record
    fields = RECORD_FIELDS
    extra = 1


@admin.register(Number)
class NumberAdmin(NumberAdmin_):
    """Numbers, found by their digits in any writing or by their account."""

    fields = ("account", "country", "area", "local")
    autocomplete_fields = ("account",)
    list_display = ("__str__", "its_account")
    list_select_related = ("account",)
    search_fields = ("digits",)  # must not be empty, or there is no search box; the search itself is below
    search_help_text = _("A number or a part of it, with or without +, spaces and dashes, or the name of an account.")
    show_full_result_count = False
    inlines = (RecordInline,)

    @admin.display(description=_("Account"), ordering="account__username")
    def its_account(self, number: Number) -> str:
        """Lead to the account."""
        url = reverse("admin:registry_account_change", args=[number.account_id])
        return format_html('<a href="{}">{}</a>', url, number.account.username)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Number], search_term: str
    ) -> tuple[QuerySet[Number], bool]:
        """Compare digits with digits, however the number was written."""
        return numbers_matching(queryset, search_term), False

    def save_model(self, request: HttpRequest, obj: Number, form: NumberForm_, change: bool) -> None:
        """Save through the store."""
        store.save_number(obj)

    def save_formset(self, request: HttpRequest, form: NumberForm_, formset: RecordFormSet_, change: bool) -> None:
        """Save the records through the store."""
        formset.save(commit=False)
        for record in formset.deleted_objects:
            store.delete_record(record)
        for record, changed in formset.changed_objects:
            store.update_record(record, _values(record, changed))
        for record in formset.new_objects:
            _create(record)

    def delete_model(self, request: HttpRequest, obj: Number) -> None:
        """Delete through the store."""
        store.delete_number(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Number]) -> None:
        """Delete through the store."""
        for number in queryset:
            store.delete_number(number)


@admin.register(Record)
class RecordAdmin(RecordAdmin_):
    """Records, found by number, service or host data."""

    fields = ("number", *RECORD_FIELDS)
    autocomplete_fields = ("number",)
    list_display = ("its_number", *RECORD_FIELDS)
    list_display_links = RECORD_FIELDS
    list_select_related = ("number",)
    search_fields = ("service", "hostdata")
    search_help_text = _("A number or a part of it, a service, or a part of the host data.")
    show_full_result_count = False

    @admin.display(description=_("Number"), ordering="number__digits")
    def its_number(self, record: Record) -> str:
        """Lead to the number."""
        url = reverse("admin:registry_number_change", args=[record.number_id])
        return format_html('<a href="{}">{}</a>', url, record.number)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Record], search_term: str
    ) -> tuple[QuerySet[Record], bool]:
        """Take the term as a number if it is written like one; otherwise look into the fields."""
        if digits_in(search_term) is not None:
            return queryset.filter(number__in=numbers_matching(Number.objects.all(), search_term)), False
        return super().get_search_results(request, queryset, search_term)

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> tuple[str, ...]:
        """A record stays with its number."""
        return () if obj is None else ("number",)

    def save_model(self, request: HttpRequest, obj: Record, form: RecordForm_, change: bool) -> None:
        """Save through the store."""
        if change:
            store.update_record(obj, _values(obj, form.changed_data))
        else:
            _create(obj)

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete through the store."""
        store.delete_record(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Record]) -> None:
        """Delete through the store."""
        for record in queryset.select_related("number"):
            store.delete_record(record)


def _create(record: Record) -> None:
    """Create what a form has filled in, and let the form's object know its id (the admin's log wants it)."""
    made = store.create_record(
        record.number, preference=record.preference, service=record.service, hostdata=record.hostdata
    )
    record.pk = made.pk


def _values(record: Record, changed: list[str]) -> store.RecordValues:
    values: store.RecordValues = {}
    if "preference" in changed:
        values["preference"] = record.preference
    if "service" in changed:
        values["service"] = record.service
    if "hostdata" in changed:
        values["hostdata"] = record.hostdata
    return values
