"""`manage.py publish`: send what the name servers lack, now and from now on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from dashboard.management.base import PlainCommand
from dashboard.management.signals import Signals
from dashboard.management.unpublished import name_unpublished
from dashboard.models import Presence
from dashboard.registry import zones
from dashboard.registry.models import NameServer
from dashboard.registry.publishing import draining, publisher, zone_file
from e164web import presence


class Command(PlainCommand):
    """The publisher."""

    help = (
        "Send every change of the zone to its name servers, until it is stopped (Ctrl-C); without name servers, keep "
        "the zone file current. Several may run: only one sends to a name server at a time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once, --resume and --with-parent."""
        parser.add_argument("--once", action="store_true", help="send what waits, then end; 1 if something is left")
        parser.add_argument("--resume", action="store_true", help="try the servers that refused at once")
        parser.add_argument("--with-parent", type=int, metavar="PID", help="end when its parent, this process, ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish. Raises CommandError."""
        if options["resume"]:
            self.stdout.write(f"Name servers resumed: {zones.resume(NameServer.objects.all())}.")
            self.stdout.flush()
        if options["once"]:
            self.once()
        else:
            signals = Signals(parent=options["with_parent"])
            with presence.announced(Presence.Kind.PUBLISH):
                publisher.run(signals.is_wanted)

    def once(self) -> None:
        """Send what waits, and say what became of it. Raises CommandError if something is left."""
        if zone_file.ZoneFileWriter().turn():
            self.stdout.write("The zone file is written.")
        name_unpublished(self.stderr)
        results = draining.drain(NameServer.objects.filter(is_enabled=True), is_hurried=True)
        for result in results:
            self.stdout.write(str(result))
        if not all(result.is_complete for result in results):
            raise CommandError("Not everything is published.")
