"""Who remembers what an account has is told of each change that an administrator makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin

from dashboard.registry.changes import account_changed
from dashboard.registry.models import Account, Number, RawRecord, Record

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    ModelAdmin_ = admin.ModelAdmin[Any]
else:
    ModelAdmin_ = admin.ModelAdmin


class TellingAdmin(ModelAdmin_):
    """Tells of each change that the admin's own log has."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Something was added."""
        tell([obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Something was changed."""
        tell([obj])
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[LogEntry]:
        """These are deleted next, in the same transaction."""
        tell(queryset)
        return super().log_deletions(request, queryset)


def tell(changed: Iterable[Model]) -> None:
    """Tell whose numbers, records and raw records these are."""
    numbers = (one.number if isinstance(one, Record | RawRecord) else one for one in changed)
    accounts = {number.account_id for number in numbers if isinstance(number, Number)}
    for username in Account.objects.filter(pk__in=accounts).values_list("username", flat=True):
        account_changed.send(None, username=username)
