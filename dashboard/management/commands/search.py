"""`manage.py search`: the numbers of the mirror that somebody looks for, as on the page and in the API."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.models import MirroredNumber
from dashboard.services.search import QueryError, Search
from dashboard.services.sentences import say


class Command(PlainCommand):
    """Every number that is found."""

    help = (
        "Search all numbers that are known, as they were when last looked at. A row for each: credential, number, "
        "id, count of records, what the DNS said, systems with problems, time, services with host data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is looked for, and by whom."""
        parser.add_argument("query", nargs="+", metavar="Q", help="words and key:value; docs/search.md has all")
        parser.add_argument(
            "--person", default="", metavar="NAME", help="needed where several people have credentials"
        )
        parser.add_argument("--credential", default="", metavar="LABEL", help="only numbers of this one")
        parser.add_argument("--json", action="store_true", help="a line of JSON for each number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        person = shell.find_person(options["person"])
        label = options["credential"]
        credential = shell.find_credential(person, label) if label else None
        write = self._json if options["json"] else self._row
        try:
            search, after = Search(person, " ".join(options["query"]), credential=credential), ""
        except QueryError as error:
            raise CommandError(say(error)) from None
        while True:
            page = search.page(after=after)
            for number in page.shown:
                write(number)
            if not (after := page.after):
                return

    def _row(self, number: MirroredNumber) -> None:
        records = [f"{record.service} {record.hostdata}" for record in number.records]
        seen = number.seen_at.isoformat(timespec="seconds") if number.seen_at else ""
        of = (number.label, number.name, number.number_id, number.record_count)
        self.stdout.write(shell.row(*of, number.dns_state, number.problems.strip(), seen, *records))

    def _json(self, number: MirroredNumber) -> None:
        values = {
            "credential": number.label,
            "number": number.name,
            "id": number.number_id,
            "records": [
                {"preference": record.preference, "service": record.service, "hostdata": record.hostdata}
                for record in number.records
            ],
            "dns": number.dns_state,
            "problems": number.problems.split(),
            "seen_at": number.seen_at.isoformat() if number.seen_at else None,
        }
        self.stdout.write(json.dumps(values, ensure_ascii=False))
