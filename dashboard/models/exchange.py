"""The wire view: what was said to registries, with secrets redacted before it gets here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential
from dashboard.models.fields import RequestIdField
from dashboard.models.user import User


class Exchange(models.Model):
    """One request and its reply as they went over the wire."""

    # The indexes below begin with each of these two: one more for each would cost a page two more writes.
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exchanges", db_index=False)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="exchanges", db_index=False)
    command = models.CharField(_("command"), max_length=20)
    request = models.TextField(_("request"))
    reply = models.TextField(_("reply"))
    status = models.PositiveIntegerField(_("HTTP status"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(_("when"))
    elapsed_ms = models.FloatField(_("round trip in milliseconds"))
    request_id = RequestIdField()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["credential", "user", "command", "-id"], name="exchange_latest_of_command"),
            models.Index(fields=["user", "-started_at"], name="exchange_latest_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.command}: {self.outcome}"
