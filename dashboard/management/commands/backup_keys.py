"""`manage.py backup_keys`: both keys in one private file, apart from backups of the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from dashboard.management.backups import restoring
from dashboard.management.base import PlainCommand


class Command(PlainCommand):
    """Writes the keys."""

    help = "Copy the secret key and the credential keys to a new file that only its owner can read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="the new file; never where the backups of the database are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them. Raises CommandError."""
        try:
            restoring.write_keys(options["file"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{options['file']} has the keys. Who has it and the database can open every secret.")
