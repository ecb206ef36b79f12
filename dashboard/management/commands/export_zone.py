"""`manage.py export_zone`: the zone as a file for a name server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from dashboard.management.base import PlainCommand
from dashboard.management.unpublished import name_unpublished
from dashboard.registry.models import Zone
from dashboard.registry.publishing import zone_file

STANDARD_OUTPUT = "-"


class Command(PlainCommand):
    """Writes the zone file."""

    help = "Write the zone as a file (RFC 1035): whole or not at all, with a serial that is newer than the last one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """PATH and --zone."""
        parser.add_argument(
            "path", nargs="?", default="", help="the file; - for standard output; otherwise zones/ in the data folder"
        )

        parser.add_argument("--zone", metavar="NAME", help="needed where there are several: its apex")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and name what is in no zone. Raises CommandError."""
        zone = chosen(options["zone"])
        name_unpublished(self.stderr)
        if options["path"] == STANDARD_OUTPUT:
            for line in zone_file.lines(zone, zone_file.next_serial(zone)):
                self.stdout.write(line, ending="")
            return
        path = Path(options["path"]) if options["path"] else zone_file.path_of(zone)
        try:
            if not options["path"]:
                zone_file.make_folder(path)
            zone_file.export(zone, path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"The zone {zone} is in {path}.")


def chosen(name: str | None) -> Zone:
    """The zone that is named, or the only one. Raises CommandError."""
    Zone.current()
    zones = {zone.origin: zone for zone in Zone.objects.all()}
    if name is None and len(zones) == 1:
        return next(iter(zones.values()))
    zone = zones.get((name or "").lower().removesuffix("."))
    if zone is None:
        raise CommandError(f"Name one of the zones with --zone: {', '.join(zones)}.")
    return zone
