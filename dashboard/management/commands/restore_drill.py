"""`manage.py restore_drill`: whether the newest backup could be restored, found out by doing it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from dashboard.management.backups import archive, drill
from dashboard.management.base import PlainCommand
from dashboard.management.commands.backup import FOLDER


class Command(PlainCommand):
    """Proves a backup."""

    help = (
        "Restore the newest backup of a folder into a scratch place, and prove it there: rows, secrets, audit trail, "
        "a page. Ends with 1 and a sentence where anything is amiss."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which."""
        parser.add_argument(
            "source",
            nargs="?",
            type=Path,
            help="a folder of backups, or one (by default backups/ in the data folder)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove it. Raises CommandError."""
        source = options["source"] or settings.E164WEB.data_dir / FOLDER
        try:
            drill.prove(source if source.is_file() else archive.newest(source), self.stdout.write)
        except OSError as error:
            raise CommandError(f"The drill failed: {error}.") from error
