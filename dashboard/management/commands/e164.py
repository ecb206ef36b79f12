"""`manage.py e164`: every command of the protocol from the shell, through the same services as the pages."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.http import Http404

from dashboard.client import RegistryError
from dashboard.enum import Problem
from dashboard.management import shell
from dashboard.management.base import USAGE, PlainCommand
from dashboard.models import Change, Credential, Outcome, User
from dashboard.models.change import MAX_REASON
from dashboard.protocol import COMMANDS, LocalProtocolError, Record, RecordData
from dashboard.services import numbers
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords, fingerprint
from dashboard.services.records import Conflict, Unacceptable, Writer, next_preference
from dashboard.services.sentences import say

WITHOUT_ID = frozenset({"ping", "list", "listservices", "myip"})
FIELDS = ("preference", "service", "hostdata")
# Which options a command takes besides --credential, --user and --wire.
WRITES = ("reason", "yes")
OPTIONS = {"new": (*FIELDS, *WRITES), "update": (*FIELDS, *WRITES), "delete": WRITES, "deleteall": WRITES}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was typed, and who says it with which credential. ``id`` is 0 for commands that take none."""

    person: User
    credential: Credential
    id: int
    preference: int | None
    service: str | None
    hostdata: str | None
    reason: str | None
    yes: bool

    def writer(self, shown: NumberRecords) -> Writer:
        """Who writes to a number."""
        return Writer(self.person, self.credential, shown.number.id, reason=self.reason or "")


class Command(PlainCommand):
    """One command of the protocol."""

    help = (
        "Send one command of the protocol with a stored credential. Rows are separated by tabs. "
        "Writes appear in the history of the person who makes them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command, its id, and what a record holds."""
        parser.add_argument("command", choices=list(COMMANDS), help="the command of the protocol")
        parser.add_argument("id", nargs="?", type=int, help="the id of a number (show, new, deleteall) or a record")
        shell.add_account(parser)
        parser.add_argument("--preference", type=int, metavar="N", help="lower ones are tried first")
        parser.add_argument("--service", metavar="S", help="such as SIP")
        parser.add_argument("--hostdata", metavar="H", help="such as alice@example.org")
        parser.add_argument("--reason", metavar="WHY", help="kept in the history with what is written")
        parser.add_argument(
            "--yes", action="store_true", help="delete, or save what deserves a second look, without asking again"
        )
        parser.add_argument("--wire", action="store_true", help="show request and reply on the standard error")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        command = options["command"]
        refuse_unfit(command, options)
        person = shell.find_person(options["user"])
        asked = Asked(
            person=person,
            credential=shell.find_credential(person, options["credential"]),
            id=options["id"] or 0,
            **{name: options[name] for name in (*FIELDS, *WRITES)},
        )
        try:
            with shell.wire_shown(self.stderr) if options["wire"] else nullcontext():
                for line in ACTIONS[command](self, asked):
                    self.stdout.write(line)
        except (RegistryError, LocalProtocolError) as failure:
            raise CommandError(shell.sentence(say(failure))) from failure
        except (Http404, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
        except Conflict as conflict:
            raise CommandError("Somebody else changed this at the same moment. Nothing was sent.") from conflict

    def ping(self, asked: Asked) -> Sequence[str]:
        """Whether the registry answers."""
        connect(asked.person, asked.credential).ping()
        return ["ok"]

    def list(self, asked: Asked) -> Sequence[str]:
        """The numbers of the account."""
        return [shell.number_row(number) for number in connect(asked.person, asked.credential).list()]

    def show(self, asked: Asked) -> Sequence[str]:
        """The records of a number, in the order in which telephone systems try them."""
        return record_rows(numbers.show_number(asked.person, asked.credential, asked.id).records)

    def getnaptr(self, asked: Asked) -> Sequence[str]:
        """One record."""
        return [shell.record_row(connect(asked.person, asked.credential).getnaptr(asked.id))]

    def listservices(self, asked: Asked) -> Sequence[str]:
        """The services that the registry supports, one a line."""
        return [shell.row(name) for name in connect(asked.person, asked.credential).listservices()]

    def myip(self, asked: Asked) -> Sequence[str]:
        """The address as which the registry sees us."""
        return [shell.row(connect(asked.person, asked.credential).myip())]

    def new(self, asked: Asked) -> Sequence[str]:
        """Add a record; without a preference it is tried last."""
        shown = numbers.show_number(asked.person, asked.credential, asked.id)
        draft = RecordData(
            preference=next_preference(shown.records) if asked.preference is None else asked.preference,
            service=asked.service or "",
            hostdata=asked.hostdata or "",
        )
        writer = asked.writer(shown)
        return self.written(asked, writer, lambda accepted: writer.add(draft, accepted=accepted))

    def update(self, asked: Asked) -> Sequence[str]:
        """Change a record; what was not given keeps its value."""
        shown, record = find_record(asked)
        draft = RecordData(
            preference=record.preference if asked.preference is None else asked.preference,
            service=record.service if asked.service is None else asked.service,
            hostdata=record.hostdata if asked.hostdata is None else asked.hostdata,
        )
        writer, seen = asked.writer(shown), fingerprint([record])
        return self.written(
            asked, writer, lambda accepted: writer.update(record.id, draft, seen=seen, accepted=accepted)
        )

    def delete(self, asked: Asked) -> Sequence[str]:
        """Delete a record."""
        shown, record = find_record(asked)
        self.want_yes(asked, [record])
        return [outcome_row(asked.writer(shown).delete(record.id, seen=fingerprint([record])))]

    def deleteall(self, asked: Asked) -> Sequence[str]:
        """Delete every record of a number."""
        shown = numbers.show_number(asked.person, asked.credential, asked.id)
        if not shown.records:
            raise CommandError("This number has no records. Nothing was sent.")
        self.want_yes(asked, shown.records)
        change = asked.writer(shown).delete_all(seen=shown.fingerprint, digits=shown.number.digits)
        return [outcome_row(change)]

    def written(self, asked: Asked, writer: Writer, write: Callable[[str], Change]) -> Sequence[str]:
        """Write a draft, and say what is worth knowing; what deserves a second look needs --yes.

        Raises CommandError.
        """
        try:
            change = write("")
        except Unacceptable as refusal:
            review = refusal.review
            if review.errors:
                raise CommandError(f"{' '.join(map(say, review.errors))} Nothing was sent.") from None
            self.note(review.concerns)
            if not asked.yes:
                raise CommandError(
                    "Nothing was sent; repeat the command with --yes if this is what you want."
                ) from None
            change = write(review.digest)
        self.note(writer.review.notes)
        return [outcome_row(change)]

    def note(self, problems: Sequence[Problem]) -> None:
        """Say what is worth knowing on the standard error."""
        for problem in problems:
            self.stderr.write(f"Note: {say(problem)}")

    def want_yes(self, asked: Asked, lost: Sequence[Record]) -> None:
        """Without --yes, print what would be lost. Raises CommandError."""
        if asked.yes:
            return
        for line in record_rows(lost):
            self.stdout.write(line)
        raise CommandError("This would be lost. Nothing was sent; repeat the command with --yes to delete it.")


ACTIONS: dict[str, Callable[[Command, Asked], Sequence[str]]] = {name: getattr(Command, name) for name in COMMANDS}


def refuse_unfit(command: str, options: dict[str, Any]) -> None:
    """Raises CommandError with the exit code of a wrong usage where id and options do not fit the command."""
    fitting = OPTIONS.get(command, ())
    given = [name for name in (*FIELDS, *WRITES) if options[name] is not None and options[name] is not False]
    unfit = [name for name in given if name not in fitting]
    missing = [name for name in ("service", "hostdata") if command == "new" and options[name] is None]
    why = ""
    if (options["id"] is None) != (command in WITHOUT_ID):
        why = "needs an id" if options["id"] is None else "takes no id"
    elif unfit:
        why = f"takes no --{unfit[0]}"
    elif len(options["reason"] or "") > MAX_REASON:
        why = f"takes a reason of at most {MAX_REASON} characters"
    elif missing:
        why = f"needs --{missing[0]}"
    elif command == "update" and all(options[name] is None for name in FIELDS):
        why = "needs one of --preference, --service and --hostdata"
    if why:
        raise CommandError(f"{command} {why}.", returncode=USAGE)


def find_record(asked: Asked) -> tuple[NumberRecords, Record]:
    """A record as it is now, with the number that it belongs to: only `list` knows a number's id.

    Raises client.RegistryError, and Http404 where the number is not the account's.
    """
    registry = connect(asked.person, asked.credential)
    digits = registry.getnaptr(asked.id).digits
    for number in registry.list():
        if number.digits == digits:
            shown = numbers.show_number(asked.person, asked.credential, number.id)
            return shown, shown.record(asked.id)
    raise Http404("This account has no number that the record belongs to.")


def record_rows(found: Sequence[Record]) -> list[str]:
    """A line for each record."""
    return [shell.record_row(record) for record in found]


def outcome_row(change: Change) -> str:
    """What became of a write: "applied" and the id of the record, or of the number. Raises CommandError otherwise."""
    if change.outcome == Outcome.APPLIED:
        return shell.row(change.outcome, change.number_id if change.record_id is None else change.record_id)
    words = f"{Outcome(change.outcome).label.capitalize()}. {change.words}".strip()
    raise CommandError(shell.sentence(words))
