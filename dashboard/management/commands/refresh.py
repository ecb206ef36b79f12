"""`manage.py refresh`: what the registry has of an account is read again, now."""

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management import CommandError

from dashboard import access
from dashboard.management import shell
from dashboard.management.base import USAGE, PlainCommand
from dashboard.management.progress import Progress
from dashboard.models import Credential
from dashboard.services.mirror import refresh_here


class Command(PlainCommand):
    """One account, or all there are."""

    help = (
        "Read again which numbers an account has, and what these have. Lists and searches show that. What was begun "
        "before goes on where it was, and so does what is interrupted (Ctrl-C)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which account."""
        shell.add_account(parser)
        parser.add_argument("--all", action="store_true", help="the accounts of everybody, one after another")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError where an account could not be read."""
        failures = [failure for one in self.chosen(options) if (failure := self.refresh(one))]
        if failures:
            raise CommandError("\n".join(failures))

    def chosen(self, options: dict[str, Any]) -> Sequence[Credential]:
        """The credentials. Raises CommandError."""
        if not options["all"]:
            return [shell.find_credential(shell.find_person(options["user"]), options["credential"])]
        if options["credential"] or options["user"]:
            raise CommandError(
                "--all is for the accounts of everybody: leave --credential and --user out.", returncode=USAGE
            )
        return list(access.every_credential().select_related("registry", "user").order_by("pk"))

    def refresh(self, credential: Credential) -> str:
        """Refresh one and print what was read; what went wrong is returned."""
        began = time.monotonic()
        with Progress(self.stderr, 0, "numbers") as progress:
            for fresh in refresh_here(credential):
                progress.total = fresh.total
                progress.forward(fresh.done - progress.done)
        seconds = time.monotonic() - began
        self.stdout.write(shell.sentence(f"{credential.label}: {fresh.total:,} numbers, {seconds:.1f} s"))
        return shell.sentence(f"{credential.label}: {fresh.failure}") if fresh.failure else ""
