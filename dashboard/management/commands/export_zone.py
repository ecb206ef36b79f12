"""`manage.py export_zone`: the zone as a file for a name server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from dashboard.management.base import PlainCommand
from dashboard.registry.models import Zone
from dashboard.registry.publishing import zone_file

STANDARD_OUTPUT = "-"


class Command(PlainCommand):
    """Writes the zone file."""

    help = "Write the zone as a file (RFC 1035): whole or not at all, with a serial that is newer than the last one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """PATH."""
        parser.add_argument(
            "path", nargs="?", default="", help="the file; - for standard output; otherwise zones/ in the data folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it. Raises CommandError."""
        zone = Zone.current()
        if options["path"] == STANDARD_OUTPUT:
            for line in zone_file.lines(zone, zone_file.next_serial()):
                self.stdout.write(line, ending="")
            return
        path = Path(options["path"]) if options["path"] else zone_file.path_of(zone)
        try:
            if not options["path"]:
                zone_file.make_folder(path)
            zone_file.export(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"The zone {zone} is in {path}.")
