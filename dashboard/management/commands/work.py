"""`manage.py work`: do what nobody waits for, now and from now on."""

from argparse import ArgumentParser
from typing import Any

from dashboard.management.base import PlainCommand
from dashboard.management.signals import Signals
from dashboard.models import Presence
from dashboard.services import background
from e164web import presence


class Command(PlainCommand):
    """The background process."""

    help = (
        "Settle writes whose outcome is not known, look at watched numbers, and send what people want to be told, "
        "until it is stopped (Ctrl-C). Several may run: nothing is done twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once and --with-parent."""
        parser.add_argument("--once", action="store_true", help="do what is due, then end")
        parser.add_argument("--with-parent", type=int, metavar="PID", help="end when its parent, this process, ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        if options["once"]:
            background.one_round()
            return
        # Until it is started again nothing is sealed under a key that it does not know (`rotate_credential_keys`).
        signals = Signals(parent=options["with_parent"])
        with presence.announced(Presence.Kind.WORK):
            background.run(signals.is_wanted)
