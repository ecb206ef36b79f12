"""What people keep to use it again: searches, and templates of records. Both are a person's or a team's."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import validate_printable
from dashboard.models.whose import Whose

MAX_NAME = 100
MAX_QUERY = 500  # characters


class Kept(Whose):
    """Something with a name, which is once a person and once a team."""

    name = models.CharField(_("name"), max_length=MAX_NAME, validators=[validate_printable])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Whose.Meta):
        abstract = True
        ordering = ["name", "pk"]
        constraints = [
            *Whose.Meta.constraints,
            models.UniqueConstraint(fields=["user", "name"], name="%(class)s_once_a_person"),
            models.UniqueConstraint(fields=["team", "name"], name="%(class)s_once_a_team"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class SavedSearch(Kept):
    """A search of the mirror, in the language of docs/search.md."""

    query = models.CharField(_("search"), max_length=MAX_QUERY)

    class Meta(Kept.Meta):
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")


class RecordTemplate(Kept):
    """A set of records that is put on numbers. `records` are preference, service and host data with placeholders."""

    records: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)

    class Meta(Kept.Meta):
        verbose_name = _("template")
        verbose_name_plural = _("templates")
