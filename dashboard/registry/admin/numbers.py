"""Where administrators give numbers out. Numbers and records are changed through the store only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import MAX_ANSWER
from dashboard.registry import store
from dashboard.registry.admin.number_form import NumberForm
from dashboard.registry.admin.telling import TellingAdmin, tell
from dashboard.registry.layout import why_not_published
from dashboard.registry.models import NameServer, Number, Publication, Record
from dashboard.registry.neighbours import effect_sentences
from dashboard.registry.publishing import raws
from dashboard.registry.publishing.content import answer_size_of, answer_size_with, left_out, published, too_large
from dashboard.registry.search import matching, numbers_matching, sought

if TYPE_CHECKING:
    NumberAdmin_ = admin.ModelAdmin[Number]
    RecordAdmin_ = admin.ModelAdmin[Record]
    RecordInline_ = admin.StackedInline[Record, Number]
    NumberForm_ = forms.ModelForm[Number]
    RecordForm_ = forms.ModelForm[Record]
    RecordFormSet_ = forms.BaseModelFormSet[Record, RecordForm_]
    RecordInlineFormSet_ = forms.BaseInlineFormSet[Record, Number, RecordForm_]
    Fields_ = list[str | list[str] | tuple[str, ...] | tuple[()]]
else:
    RecordForm_ = forms.ModelForm
    RecordInlineFormSet_ = forms.BaseInlineFormSet
    NumberAdmin_ = RecordAdmin_ = admin.ModelAdmin
    RecordInline_ = admin.StackedInline
    Fields_ = list

RECORD_FIELDS = ("preference", "service", "hostdata")
TARGET = frozenset({"service", "hostdata"})  # what decides whether the DNS gets something of a record


class RecordForm(RecordForm_):
    """A record, which the DNS must get, and which must leave the answer one that telephone systems read."""

    class Meta:
        model = Record
        fields = ("number", *RECORD_FIELDS)

    def clean(self) -> dict[str, Any] | None:
        """Refuse what would not be published, and what makes the answer too large. Raises ValidationError."""
        cleaned = super().clean()
        number = self.instance.number if self.instance.pk else (cleaned or {}).get("number")
        if number is None or self.errors or not set(RECORD_FIELDS) & set(self.changed_data):
            return cleaned
        record = Record(number=number, **{name: self.cleaned_data[name] for name in RECORD_FIELDS})
        refuse_left_out(self, record)
        others = number.records.exclude(pk=self.instance.pk)
        try:
            refuse_large_answer(number, [*others, record])
        except ValidationError as error:
            self.add_error("hostdata", error)
        return cleaned


class RecordFormSet(RecordInlineFormSet_):
    """The records on a number's page: the DNS must get each, and together they must be an answer that can be read."""

    def clean(self) -> None:
        """Refuse what would not be published, and too large an answer together. Raises ValidationError."""
        super().clean()
        for form in self.forms:
            if not form.errors and form not in self.deleted_forms:
                values = {name: getattr(form.instance, name) for name in RECORD_FIELDS}
                refuse_left_out(form, Record(number=self.instance, **values))
        if not self.is_valid_so_far:
            return
        kept = [form.instance for form in self.forms if form.has_changed() or form.instance.pk]
        refuse_large_answer(self.instance, [record for record in kept if record not in self._going()])

    @property
    def is_valid_so_far(self) -> bool:
        """Whether each record is sound by itself."""
        return not any(form.errors for form in self.forms)

    def _going(self) -> list[Record]:
        return [form.instance for form in self.deleted_forms]


class RecordInline(RecordInline_):
    """The records of a number, on the number's page."""

    model = Record
    formset = RecordFormSet
    fields = (*RECORD_FIELDS, "in_the_dns")
    readonly_fields = ("in_the_dns",)
    extra = 1

    @admin.display(description=_("In the DNS"))
    def in_the_dns(self, record: Record) -> str:
        """What the record becomes, or why it is left out."""
        return in_the_dns(record)


@admin.register(Number)
class NumberAdmin(TellingAdmin, NumberAdmin_):
    """Numbers, found by their digits in any writing or by their account."""

    form = NumberForm
    readonly_fields = ("its_raws", "published")
    autocomplete_fields = ("account",)
    list_display = ("__str__", "its_account")
    list_select_related = ("account",)
    search_fields = ("digits",)  # must not be empty, or there is no search box; the search itself is below
    search_help_text = _("A number or a part of it in any writing, its domain name, or the name of an account.")
    show_full_result_count = False
    inlines = (RecordInline,)

    def get_fields(self, request: HttpRequest, obj: Number | None = None) -> Fields_:
        """Whoever may only look is asked nothing."""
        may = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        question = ["as_it_is"] if may else []
        return ["account", "country", "area", "local", *question, "is_block", "caller_name", "its_raws", "published"]

    @admin.display(description=_("Account"), ordering="account__username")
    def its_account(self, number: Number) -> str:
        """Lead to the account."""
        url = reverse("admin:registry_account_change", args=[number.account_id])
        return format_html('<a href="{}">{}</a>', url, number.account.username)

    @admin.display(description=_("Raw records"))
    def its_raws(self, number: Number) -> str:
        """Lead to its raw records, and to the form of a new one."""
        if number.pk is None:
            return "-"
        found = [(reverse("admin:registry_rawrecord_change", args=[raw.pk]), str(raw)) for raw in number.raws.all()]
        found.append((f"{reverse('admin:registry_rawrecord_add')}?number={number.pk}", gettext("Add a raw record")))
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', found)

    @admin.display(description=_("Published"))
    def published(self, number: Number) -> str:
        """What each name server has of it, and whom it takes the answer of a block from."""
        if number.pk is None:
            return "-"
        rows = Publication.objects.filter(name=number.name).select_related("name_server")
        sentences = [f"{row.name_server}: {_state(row)}" for row in rows]
        sentences = [*filter(None, [why_not_published(number)]), *sentences]
        sentences += effect_sentences(number, comes=True) if number.has_records else []
        return format_html_join(mark_safe("<br>"), "{}", ((sentence,) for sentence in sentences)) or "-"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Number], search_term: str
    ) -> tuple[QuerySet[Number], bool]:
        """Compare digits with digits, however the number was written."""
        return numbers_matching(queryset, search_term), False

    def save_model(self, request: HttpRequest, obj: Number, form: NumberForm_, change: bool) -> None:
        """Save through the store, and say it if nobody will find the number."""
        if "account" in form.changed_data:
            tell(Number.objects.filter(pk=obj.pk))  # for the account that has it not any more
        store.save_number(obj)
        self._warn(request, list(filter(None, [why_not_published(obj)])))

    def save_formset(self, request: HttpRequest, form: NumberForm_, formset: RecordFormSet_, change: bool) -> None:
        """Save the records through the store."""
        formset.save(commit=False)
        had_records = form.instance.has_records
        for record in formset.deleted_objects:
            store.delete_record(record)
        # The form has looked at all of them together: halfway they may be larger.
        for record, changed in formset.changed_objects:
            store.update_record(record, _values(record, changed), is_checked=True)
        for record in formset.new_objects:
            _create(record, is_checked=True)
        if had_records != (has_records := form.instance.has_records):
            self._warn(request, effect_sentences(form.instance, comes=has_records))
        self._warn(request, _left_out_of(form.instance))

    def delete_model(self, request: HttpRequest, obj: Number) -> None:
        """Delete through the store."""
        changes = effect_sentences(obj, comes=False) if obj.has_records else []
        store.delete_number(obj)
        self._warn(request, changes)

    def _warn(self, request: HttpRequest, sentences: list[str]) -> None:
        for sentence in sentences:
            self.message_user(request, sentence, messages.WARNING)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Number]) -> None:
        """Delete through the store."""
        for number in queryset:
            store.delete_number(number)


@admin.register(Record)
class RecordAdmin(TellingAdmin, RecordAdmin_):
    """Records, found by number, service or host data."""

    form = RecordForm
    fields = ("number", *RECORD_FIELDS, "in_the_dns")
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

    @admin.display(description=_("In the DNS"))
    def in_the_dns(self, record: Record) -> str:
        """What the record becomes, or why it is left out."""
        return in_the_dns(record)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Record], search_term: str
    ) -> tuple[QuerySet[Record], bool]:
        """Take the term as a number if it is written like one; otherwise look into the fields."""
        wanted = sought(search_term)
        if wanted is None:
            return super().get_search_results(request, queryset, search_term)
        # A host may be called like a number: 4.example.org.
        host = Q(hostdata__icontains=search_term) if wanted.equals else Q()
        return queryset.filter(matching(wanted, "number__digits") | host), False

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> tuple[str, ...]:
        """A record stays with its number."""
        return ("in_the_dns",) if obj is None else ("number", "in_the_dns")

    def save_model(self, request: HttpRequest, obj: Record, form: RecordForm_, change: bool) -> None:
        """Save through the store."""
        if change:
            store.update_record(obj, _values(obj, form.changed_data), is_checked=True)
        else:
            _create(obj, is_checked=True)

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete through the store."""
        store.delete_record(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Record]) -> None:
        """Delete through the store."""
        for record in queryset.select_related("number"):
            store.delete_record(record)


def in_the_dns(record: Record) -> str:
    """A record as a zone file has it, or the sentence that says why it is left out."""
    if record.pk is None:
        return "-"
    name = record.number.in_the_dns
    naptr = published(record, name)
    if naptr is None:
        return gettext("Left out: %(reason)s") % {"reason": left_out(record, name)}
    return naptr.to_text()


def refuse_left_out(form: RecordForm_, record: Record) -> None:
    """Say at the host data why the DNS would get nothing of what was typed. What was saved already is left alone."""
    if TARGET & set(form.changed_data) and (reason := left_out(record, record.number.in_the_dns)):
        form.add_error("hostdata", reason)


def refuse_large_answer(number: Number, records: Sequence[Record]) -> None:
    """Refuse records that telephone systems could not read, unless they are fewer octets than now.

    Raises ValidationError.
    """
    size = answer_size_with(number, records)
    if size > MAX_ANSWER and (number.pk is None or size > answer_size_of(number)):
        raise ValidationError(too_large(size), code="too-large")


def _left_out_of(number: Number) -> list[str]:
    """What the DNS gets nothing of, such as records of a block that has become one number."""
    sentence = gettext("The DNS gets nothing of the record “%(record)s”: %(reason)s")
    name = number.in_the_dns
    reasons: list[tuple[models.Model, str]] = [(one, left_out(one, name)) for one in number.records.all()]
    reasons += [(one, raws.left_out(one, name)) for one in number.raws.all()]
    return [sentence % {"record": record, "reason": reason} for record, reason in reasons if reason]


def _state(row: Publication) -> str:
    server = row.name_server
    state = gettext("waits to be sent") if row.is_pending else gettext("published")
    reason = (row.problem or server.problem or _why_not_sent(server)) if row.is_pending else ""
    return " ".join(filter(None, [f"{state}.", reason, row.note]))


def _why_not_sent(server: NameServer) -> str:
    return "" if server.is_enabled else gettext("The name server is disabled.")


def _create(record: Record, *, is_checked: bool) -> None:
    """Create what a form has filled in, and let the form's object know its id (the admin's log wants it)."""
    made = store.create_record(
        record.number,
        preference=record.preference,
        service=record.service,
        hostdata=record.hostdata,
        is_checked=is_checked,
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
