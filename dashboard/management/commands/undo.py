"""`manage.py undo`: a change taken back from the shell, through the same service as its page."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.http import Http404

from dashboard import access
from dashboard.client import RegistryError
from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.models import Change, Outcome, User
from dashboard.models.change import MAX_REASON
from dashboard.protocol import RecordState
from dashboard.services.records import Conflict, Step
from dashboard.services.sentences import say
from dashboard.services.undo import NotUndoable, Theirs, UndoPlan, plan_undo, undo


class Command(PlainCommand):
    """One change, and what was sent together with it."""

    help = (
        "Take a change back, and what was sent together with it: its number stands in the address of its page. "
        "Without --yes it prints what would be sent, and sends nothing. What others changed since stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The change, who takes it back, and how far."""
        parser.add_argument("change", type=int, help="its number in the history")
        parser.add_argument("--user", default="", metavar="NAME", help="needed where several people have credentials")
        parser.add_argument("--reason", default="", metavar="TEXT", help="kept in the history")
        parser.add_argument(
            "--with-theirs", action="store_true", help="take away what others changed since, too; it is printed"
        )
        parser.add_argument("--yes", action="store_true", help="send it, also what deserves a second look")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        if len(options["reason"]) > MAX_REASON or not options["reason"].isprintable():
            raise CommandError(f"The reason must be one line of at most {MAX_REASON} characters.")
        person = shell.find_person(options["user"])
        try:
            change = access.change(person, options["change"])
            plan = plan_undo(person, change, with_theirs=options["with_theirs"])
            self.show(plan)
            if plan.steps:
                self.send(person, change, plan, options)
        except RegistryError as failure:
            raise CommandError(shell.sentence(say(failure))) from failure
        except (Http404, PermissionDenied, NotUndoable) as refusal:
            raise CommandError(str(refusal)) from refusal
        except Conflict as conflict:
            raise CommandError("Somebody else changed this at the same moment. Nothing was sent.") from conflict

    def show(self, plan: UndoPlan) -> None:
        """Print a row for each command; what others changed, and what is worth knowing, go to the standard error."""
        if plan.is_so_already:
            self.stdout.write("All is as it was before this change already. Nothing was sent.")
        for step in plan.steps:
            self.stdout.write(step_row(step))
        for each in plan.theirs:
            self.stderr.write(theirs_line(each, is_taken=plan.with_theirs))
        for problem in (*plan.review.concerns, *plan.review.notes):
            self.stderr.write(f"Note: {say(problem)}")

    def send(self, person: User, change: Change, plan: UndoPlan, options: dict[str, Any]) -> None:
        """Send what was printed. Raises CommandError for what cannot be sent, and for what did not take effect."""
        if plan.review.errors:
            raise CommandError(f"{' '.join(map(say, plan.review.errors))} Nothing was sent.")
        if not options["yes"]:
            raise CommandError("Nothing was sent; repeat the command with --yes if this is what you want.")
        made = undo(
            person,
            change,
            seen=plan.found.fingerprint,
            accepted=plan.review.digest,
            with_theirs=plan.with_theirs,
            reason=options["reason"],
        )
        for each in made:
            self.stdout.write(shell.row(each.outcome, each.pk))
        if made[-1].outcome != Outcome.APPLIED:
            raise CommandError(shell.sentence(f"{Outcome(made[-1].outcome).label.capitalize()}. {made[-1].words}"))


def step_row(step: Step) -> str:
    """The command, and the record before and after it."""
    return shell.row(step.kind, *fields(step.before), *fields(step.after))


def fields(record: RecordState | None) -> tuple[object, ...]:
    """The id of a record, its preference, service and host data; all empty for none."""
    if record is None:
        return ("",) * 4
    return ("" if record.id is None else record.id, record.preference, record.service, record.hostdata)


def theirs_line(each: Theirs, *, is_taken: bool) -> str:
    """What somebody changed since, and what becomes of it."""
    who = (each.by.person if each.by is not None else "") or "Somebody"
    now = " ".join(map(str, fields(each.now))).strip() or "no record"
    becomes = "taken away" if is_taken else "left as it is"
    return shell.sentence(f"{who} changed this since, and it is {becomes}: {now}")
