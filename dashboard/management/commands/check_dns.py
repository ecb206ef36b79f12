"""`manage.py check_dns`: every number of an account compared with what the DNS says now."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.management import CommandError

from dashboard.client import RegistryError
from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.management.progress import Progress
from dashboard.models import Credential, User
from dashboard.protocol import Number
from dashboard.services import dns
from dashboard.services.credentials.connection import connect
from dashboard.services.dns import CheckedNumber, Difference, NumberState
from dashboard.services.numbers.formatting import writing
from dashboard.services.sentences import say

NOT_READ = "not read"
COLUMNS = ("Number", "Name servers", "Resolvers", "What")


@dataclass
class Findings:
    """What the table at the end says: how many numbers are in which state, and those that are not as they should."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: list[CheckedNumber] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)

    def add(self, seen: dns.AccountLook) -> None:
        """Count a look at some numbers."""
        self.counts.update(_state(row) for row in seen.rows)
        self.rows += [row for row in seen.rows if row.state is None or not row.state.is_as_it_should]
        self.remarks |= dict.fromkeys(map(say, seen.look.remarks))


class Command(PlainCommand):
    """Every number of an account."""

    help = (
        "Compare every number of an account with what the DNS says now. Those that are not as the registry has them "
        "are listed at the end; there being any, the exit code is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose account."""
        shell.add_account(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError where the account cannot be read, and where anything differs."""
        person = shell.find_person(options["user"])
        credential = shell.find_credential(person, options["credential"])
        findings = Findings()
        try:
            numbers = sorted(connect(person, credential).list(), key=lambda number: number.digits)
            with Progress(self.stderr, len(numbers), "numbers") as progress:
                for asked, seen in _looks(person, credential, numbers):
                    findings.add(seen)
                    progress.forward(asked)
        except (RegistryError, dns.TooManyLooks) as failure:
            raise CommandError(shell.sentence(say(failure))) from failure
        self.show(findings, in_full=options["verbosity"] > 1)
        if findings.rows:
            total = findings.counts.total()
            raise CommandError(f"{len(findings.rows):,} of {total:,} numbers are not in the DNS as they should be.")

    def show(self, findings: Findings, *, in_full: bool) -> None:
        """The table; `in_full` says record by record what differs."""
        for remark in findings.remarks:
            self.stdout.write(shell.sentence(remark))
        lines = table([COLUMNS, *(_cells(row) for row in findings.rows)])
        for line, row in zip(lines, [None, *findings.rows], strict=True) if findings.rows else []:
            self.stdout.write(line)
            for difference in _differences(row) if in_full and row is not None else []:
                self.stdout.write(f"  {shell.sentence(difference_text(difference))}")
        for line in table([(state, f"{count:,}") for state, count in findings.counts.most_common()]):
            self.stdout.write(line)


def _looks(person: User, credential: Credential, numbers: Sequence[Number]) -> Iterator[tuple[int, dns.AccountLook]]:
    """Some numbers at a time, each time with a new deadline."""
    for start in range(0, len(numbers), dns.MAX_NUMBERS):
        some = numbers[start : start + dns.MAX_NUMBERS]
        yield len(some), dns.look_at_numbers(person, credential, connect(person, credential), some)


def _state(row: CheckedNumber) -> str:
    return row.state.state.value if row.state is not None else NOT_READ


def _cells(row: CheckedNumber) -> tuple[str, str, str, str]:
    number = writing(row.number).text
    if row.state is None:
        return number, NOT_READ, "", shell.sentence(say(row.problem)) if row.problem else ""
    servers = row.state.state.value if row.state.servers else "none known"
    resolvers = row.state.state_of_resolvers.value if row.state.state_of_resolvers else "none known"
    return number, servers, resolvers, shell.sentence("; ".join([*_counted(row), *_reasons(row.state)]))


def _counted(row: CheckedNumber) -> Iterator[str]:
    """What differs, in few words."""
    differences = _differences(row)
    lost = sum(1 for each in differences if each.found is None)
    extra = sum(1 for each in differences if each.expected is None)
    changed = len(differences) - lost - extra
    for count, what in ((lost, "missing"), (extra, "only in the DNS"), (changed, "changed")):
        if count:
            yield f"{count} {what}"


def _differences(row: CheckedNumber) -> list[Difference]:
    """Those of the servers (without any, of the resolvers), each once."""
    asked = (row.state.servers or row.state.resolvers) if row.state is not None else []
    return list(dict.fromkeys(difference for finding in asked for difference in finding.differences))


def _reasons(state: NumberState) -> list[str]:
    """Why servers say nothing."""
    asked = state.servers or state.resolvers
    return list(dict.fromkeys(say(finding.reason).rstrip(".") for finding in asked if finding.reason is not None))


def difference_text(difference: Difference) -> str:
    """A difference in one line."""
    there = difference.found.to_text() if difference.found else ""
    if difference.expected is None:
        return f"only in the DNS: {there}"
    if difference.found is None:
        return f"missing: {difference.expected.to_text()}"
    return f"another {', '.join(difference.fields)}: {difference.expected.to_text()} is {there} in the DNS"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their columns below each other; the last column is as wide as it likes."""
    if not rows:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)] + [0]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
