"""`manage.py publish`: send what the name servers lack, now and from now on."""

import os
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management import CommandError

from dashboard.management.base import PlainCommand
from dashboard.management.unpublished import name_unpublished
from dashboard.registry import zones
from dashboard.registry.models import NameServer
from dashboard.registry.publishing import draining, publisher, zone_file

FIRST_PROCESS = 1


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
        parser.add_argument("--with-parent", action="store_true", help="end when the process that started it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish. Raises CommandError."""
        if options["resume"]:
            self.stdout.write(f"Name servers resumed: {zones.resume(NameServer.objects.all())}.")
            self.stdout.flush()
        if options["once"]:
            self.once()
        else:
            publisher.run(Signals(with_parent=options["with_parent"]).is_wanted)

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


class Signals:
    """Whether this process should go on: until SIGTERM, SIGINT, or the end of its parent."""

    def __init__(self, *, with_parent: bool) -> None:
        self.parent = os.getppid() if with_parent else None
        # Its parent may have ended before it came this far: orphans are given to the first process.
        self.is_asked_to_end = self.parent == FIRST_PROCESS
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)

    def is_wanted(self) -> bool:
        """Whether to go on."""
        return not self.is_asked_to_end and (self.parent is None or os.getppid() == self.parent)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked_to_end = True
