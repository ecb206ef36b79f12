"""`manage.py export_records`: what a search finds, as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.services import transfer
from dashboard.services.search import QueryError
from dashboard.services.sentences import say


class Command(PlainCommand):
    """Writes a file of one of the formats that the page has too."""

    help = "Write what a search finds (docs/search.md), as the mirror has it; without a search, all numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is looked for, for whom, and where it goes."""
        parser.add_argument("query", nargs="*", metavar="Q", help="words of a search")
        parser.add_argument("--format", choices=list(transfer.KINDS), required=True)
        parser.add_argument("-o", "--output", metavar="FILE", help="the standard output where none is given")
        parser.add_argument("--person", default="", metavar="NAME", help="needed where several have credentials")
        parser.add_argument("--part", type=int, default=1, metavar="N", help="of a Cisco telephone's directory")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        person = shell.find_person(options["person"])
        try:
            lines = transfer.export(
                person, " ".join(options["query"]), options["format"], part=max(1, options["part"])
            )
        except QueryError as problem:
            raise CommandError(shell.sentence(say(problem))) from problem
        if not options["output"]:
            for line in lines:
                self.stdout.write(line, ending="")
            return
        try:
            # Ends of lines are those of the format, also where the system has others.
            with Path(options["output"]).open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
