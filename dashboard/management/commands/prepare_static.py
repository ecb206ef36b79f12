"""`manage.py prepare_static`: collect the static files ahead of the first start, as images do when they are built."""

from typing import Any

from dashboard.management import static_files
from dashboard.management.base import PlainCommand


class Command(PlainCommand):
    """Collects the static files where they changed."""

    help = "Collect the static files into the data folder. `serve` does it too; images do it when they are built."

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect. Raises OSError."""
        collected = static_files.collect()
        self.stdout.write("The static files are collected." if collected else "The static files are up to date.")
