"""Where administrators have NAPTR records published word for word."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import MAX_ANSWER
from dashboard.registry import store
from dashboard.registry.admin.telling import TellingAdmin
from dashboard.registry.models import RawRecord
from dashboard.registry.models.raw import FIELDS
from dashboard.registry.neighbours import effect_sentences
from dashboard.registry.publishing.content import answer_size_of, answer_size_with, too_large
from dashboard.registry.publishing.raws import left_out, naptr_of
from dashboard.registry.search import matching, sought

if TYPE_CHECKING:
    RawForm_ = forms.ModelForm[RawRecord]
    RawRecordAdmin_ = admin.ModelAdmin[RawRecord]
    Fields_ = list[str | list[str] | tuple[str, ...] | tuple[()]]
else:
    RawForm_ = forms.ModelForm
    RawRecordAdmin_ = admin.ModelAdmin
    Fields_ = list


class RawRecordForm(RawForm_):
    """A raw record. What telephone systems stumble over is asked twice; `accepted` is bound to these sentences."""

    accepted = forms.CharField(
        label=_("Publish it all the same"), max_length=100, required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = RawRecord
        fields = ("number", *FIELDS)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Only now the fields are as they will be stored.
        if self.errors or not set(self.changed_data) & {"number", *FIELDS}:
            return
        try:
            refuse_large_answer(self.instance)
        except ValidationError as error:
            self.add_error("regexp", error)
            return
        self._ask_twice()

    def _ask_twice(self) -> None:
        raw = self.instance
        concerns = [problem for problem in raw.problems(raw.number.in_the_dns) if problem.is_concern]
        sentences = [(problem.field, gettext(problem.message) % problem.params) for problem in concerns]
        digest = hashlib.sha256(repr((raw.number_id, raw.wire, sentences)).encode()).hexdigest()
        if not sentences or self.cleaned_data["accepted"] == digest:
            return
        for field, sentence in sentences:
            self.add_error(field if field in self.fields else None, sentence)
        # What was ticked for other sentences is no answer to these.
        self.data = {**dict(self.data.items()), "accepted": ""}
        self.fields["accepted"].widget = forms.CheckboxInput(attrs={"value": digest})


def refuse_large_answer(raw: RawRecord) -> None:
    """Refuse a record with which telephone systems could not read the answer, unless it is smaller than now.

    Raises ValidationError.
    """
    number = raw.number
    others = number.raws.exclude(pk=raw.pk)
    size = answer_size_with(number, list(number.records.all()), [*others, raw])
    if size > max(MAX_ANSWER, answer_size_of(number)):
        raise ValidationError(too_large(size), code="too-large")


@admin.register(RawRecord)
class RawRecordAdmin(TellingAdmin, RawRecordAdmin_):
    """Raw records, found by number, service, regexp or replacement. They are changed through the store only."""

    form = RawRecordForm
    autocomplete_fields = ("number",)
    list_display = ("its_number", *FIELDS)
    list_display_links = FIELDS
    list_select_related = ("number",)
    search_fields = ("service", "regexp", "replacement")
    search_help_text = _("A number or a part of it, a service, or a part of the regexp or the replacement.")
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: RawRecord | None = None) -> Fields_:
        """Whoever may only look is asked nothing."""
        may = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        return ["number", *FIELDS, *(["accepted"] if may else []), "in_the_dns"]

    @admin.display(description=_("Number"), ordering="number__digits")
    def its_number(self, raw: RawRecord) -> str:
        """Lead to the number."""
        url = reverse("admin:registry_number_change", args=[raw.number_id])
        return format_html('<a href="{}">{}</a>', url, raw.number)

    @admin.display(description=_("In the DNS"))
    def in_the_dns(self, raw: RawRecord) -> str:
        """The record as a zone file has it, or why it is left out."""
        if raw.pk is None:
            return "-"
        name = raw.number.in_the_dns
        record = naptr_of(raw, name)
        if record is None:
            return gettext("Left out: %(reason)s") % {"reason": left_out(raw, name)}
        return record.to_text()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RawRecord], search_term: str
    ) -> tuple[QuerySet[RawRecord], bool]:
        """Take the term as a number if it is written like one; otherwise look into the fields."""
        wanted = sought(search_term)
        if wanted is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(matching(wanted, "number__digits")), False

    def get_readonly_fields(self, request: HttpRequest, obj: RawRecord | None = None) -> tuple[str, ...]:
        """A record stays with its number."""
        return ("in_the_dns",) if obj is None else ("number", "in_the_dns")

    def save_model(self, request: HttpRequest, obj: RawRecord, form: RawForm_, change: bool) -> None:
        """Save through the store, and say which numbers get another answer."""
        had_records = obj.number.has_records
        store.save_raw(obj)
        if not had_records:
            self._warn(request, effect_sentences(obj.number, comes=True))

    def delete_model(self, request: HttpRequest, obj: RawRecord) -> None:
        """Delete through the store."""
        store.delete_raw(obj)
        if not obj.number.has_records:
            self._warn(request, effect_sentences(obj.number, comes=False))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RawRecord]) -> None:
        """Delete through the store."""
        for raw in queryset.select_related("number"):
            store.delete_raw(raw)

    def _warn(self, request: HttpRequest, sentences: list[str]) -> None:
        for sentence in sentences:
            self.message_user(request, sentence, messages.WARNING)
