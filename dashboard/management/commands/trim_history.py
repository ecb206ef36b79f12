"""`manage.py trim_history`: forgets what is older than E164WEB_HISTORY_DAYS."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from dashboard.management.base import PlainCommand
from dashboard.services.history.keeping import forget_old
from dashboard.services.sentences import grouped


class Command(PlainCommand):
    """Deletes what nobody wants to keep any longer."""

    help = "Delete settled changes that are older than E164WEB_HISTORY_DAYS. What is not settled stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them, and say how many."""
        if not settings.E164WEB.history_days:
            self.stdout.write("Nothing was deleted: E164WEB_HISTORY_DAYS keeps everything.")
            return
        count = forget_old(timezone.now())
        self.stdout.write(f"{grouped(count)} {'change was' if count == 1 else 'changes were'} deleted.")
