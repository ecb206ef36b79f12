"""`manage.py metrics`: the figures of this machine and of the database, for Prometheus."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from dashboard.management.base import PlainCommand
from dashboard.management.signals import Signals
from dashboard.platform import metrics

LOOK_EVERY = 0.5  # seconds between two looks whether this process is still wanted


class Command(PlainCommand):
    """A small server at a port of its own."""

    help = "Serve the figures of this machine at the address of E164WEB_METRICS, until it is stopped (Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--with-parent."""
        parser.add_argument("--with-parent", type=int, metavar="PID", help="end when its parent, this process, ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve. Raises CommandError."""
        if not metrics.is_asked_for():
            raise CommandError("E164WEB_METRICS says no address, such as 127.0.0.1:9464.")
        from dashboard.management.figures import DatabaseFigures  # noqa: PLC0415 -- after the folder is known

        client = metrics.client()
        registry = client.CollectorRegistry()
        registry.register(metrics.added_up())
        registry.register(DatabaseFigures())
        host, _, port = settings.E164WEB.metrics.rpartition(":")
        signals = Signals(parent=options["with_parent"])
        try:
            server, _thread = client.start_http_server(int(port), host.strip("[]"), registry)
        except OSError as error:
            raise CommandError(f"E164WEB_METRICS={host}:{port} cannot be used: {error.strerror}.") from error
        while signals.is_wanted():
            time.sleep(LOOK_EVERY)
        server.shutdown()
