"""Where administrators give accounts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dashboard.registry.models import Account, Range

if TYPE_CHECKING:
    AccountForm_ = forms.ModelForm[Account]
    AccountAdmin_ = admin.ModelAdmin[Account]
    RangeInline_ = admin.StackedInline[Range, Account]
else:
    AccountForm_ = forms.ModelForm
    AccountAdmin_ = admin.ModelAdmin
    RangeInline_ = admin.StackedInline


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


class RangeInline(RangeInline_):
    """The numbers that imports may make for an account."""

    model = Range
    fields = ("digits",)
    extra = 1


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
    inlines = (RangeInline,)

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
