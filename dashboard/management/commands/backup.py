"""`manage.py backup`: the database in one file, with a manifest. The keys are `backup_keys`' business."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from dashboard.management.backups import archive
from dashboard.management.base import PlainCommand

FOLDER = "backups"  # in the data folder


class Command(PlainCommand):
    """Writes a backup."""

    help = (
        "Copy the database to a new file, while people go on working. Keys are not in it: keep them apart, with "
        "backup_keys."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument(
            "target",
            nargs="?",
            type=Path,
            help="a folder, or a file ending in .tar (by default backups/ in the data folder)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it. Raises CommandError."""
        target = options["target"] or settings.E164WEB.data_dir / FOLDER
        try:
            path = archive.write(target)
        except OSError as error:
            raise CommandError(f"{error.filename or target} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"{path} is written. Keep its keys apart from it (manage.py backup_keys FILE).")
