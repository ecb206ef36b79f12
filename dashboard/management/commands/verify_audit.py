"""`manage.py verify_audit`: whether the audit trail is whole."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from dashboard.management.base import PlainCommand
from dashboard.services import audit
from dashboard.services.sentences import grouped


class Command(PlainCommand):
    """Reads all of the trail."""

    help = (
        "Say whether the audit trail is whole, or name the first event that was altered or is missing. "
        "With --accept-end: sign its end as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--accept-end."""
        parser.add_argument(
            "--accept-end",
            action="store_true",
            help="after you know why the end has no signature: sign it as it is, which is noted",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify it. Raises CommandError."""
        if options["accept_end"]:
            audit.accept_end()
        try:
            trail = audit.verify()
        except audit.Broken as broken:
            raise CommandError(str(broken)) from None
        if not trail.count:
            self.stdout.write("The audit trail is intact: it has no events yet.")
            return
        self.stdout.write(
            f"The audit trail is intact: {grouped(trail.count)} "
            f"{'event' if trail.count == 1 else 'events'}; the digest of the last is {trail.digest}."
        )
