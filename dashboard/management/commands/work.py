"""`manage.py work`: do what nobody waits for, now and from now on."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from dashboard.management.base import PlainCommand
from dashboard.management.signals import Signals
from dashboard.services import background
from e164web import servers


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
            return
        # Until it is started again nothing is sealed under a key that it does not know (`rotate_credential_keys`).
        with servers.announce(settings.E164WEB.data_dir, settings.E164WEB.credential_keys):
            background.run(Signals(with_parent=options["with_parent"]).is_wanted)
