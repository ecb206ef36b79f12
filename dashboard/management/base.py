"""What the commands of this project share."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, SystemCheckError

USAGE = 2  # exit code for options that do not fit together, as argparse's own


class PlainCommand(BaseCommand):
    """A command whose failures are sentences, without the name of an exception before them.

    The configuration has been looked at by `e164web.commandline` before any command runs.
    """

    requires_system_checks = []
    from_shell = False

    def run_from_argv(self, argv: list[str]) -> None:
        """Run it for the shell: failures end the process."""
        self.from_shell = True
        super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run it. From the shell, a CommandError ends the process; for `call_command` it is raised."""
        try:
            return super().execute(*args, **options)
        except SystemCheckError:
            raise
        except CommandError as failure:
            if not self.from_shell or options.get("traceback"):
                raise
            self.stderr.write(str(failure))
            sys.exit(failure.returncode)
