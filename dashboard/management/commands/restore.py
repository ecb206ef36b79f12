"""`manage.py restore`: a backup takes the place of the database."""

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from dashboard.management.backups import restoring
from dashboard.management.base import PlainCommand


class Command(PlainCommand):
    """Restores a backup."""

    help = "Put a backup in the place of the database, after its digest and its rows were compared, and migrate it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and what it may do."""
        parser.add_argument("file", type=Path, help="a file that backup has written")
        parser.add_argument("--replace", action="store_true", help="also where people are in the database already")
        parser.add_argument(
            "--keys", type=Path, help="a file that backup_keys has written, whose keys are put back too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore it. Raises CommandError."""
        try:
            manifest = restoring.restore(options["file"], replace=options["replace"])
            if options["keys"]:
                restoring.put_keys_back(options["keys"])
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"The backup cannot be restored: {error}.") from error
        self.stdout.write(f"The database is as it was at {manifest.made_at}.")
        if not options["keys"] and not restoring.has_its_keys(manifest):
            self.stderr.write(
                "The keys of this installation open none of its secrets: put the key file back from your backup, or "
                "run this again with --replace --keys FILE."
            )
