"""`manage.py work`: do what nobody waits for, now and from now on."""

from argparse import ArgumentParser
from typing import Any

from dashboard.management.base import PlainCommand
from dashboard.management.signals import Signals
from dashboard.services import background


class Command(PlainCommand):
    """The background process."""

    help = (
        "Settle writes whose outcome is not known, look at watched numbers, and send what people want to be told, "
        "until it is stopped (Ctrl-C). Several may run: nothing is done twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once and --with-parent."""
        parser.add_argument("--once", action="store_true", help="do what is due, then end")
        parser.add_argument("--with-parent", action="store_true", help="end when the process that started it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        if options["once"]:
            background.one_round()
        else:
            background.run(Signals(with_parent=options["with_parent"]).is_wanted)
