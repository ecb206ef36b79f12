"""What people note about a number; its registry knows nothing of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential
from dashboard.models.user import MAX_USERNAME

MAX_NOTE = 2_000  # characters
MAX_TAGS = 500  # characters, of all together


class NumberNote(models.Model):
    """A note and tags of one number of a credential, for all who may see the number.

    `tags` are words in small letters, separated by blanks. `version` counts what was saved, so that nobody writes
    over what they have not seen; `person` saved it last.
    """

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="notes")
    number_id = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=40)
    text = models.TextField(_("note"), max_length=MAX_NOTE, blank=True)
    tags = models.CharField(_("tags"), max_length=MAX_TAGS, blank=True)
    version = models.PositiveIntegerField(default=0)
    person = models.CharField(_("who"), max_length=MAX_USERNAME)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.UniqueConstraint(fields=["credential", "number_id"], name="number_note_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:40]}"

    @property
    def tag_list(self) -> list[str]:
        """The tags, each by itself."""
        return self.tags.split()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is noted any more."""
        return not self.text and not self.tags
