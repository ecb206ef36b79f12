"""`manage.py jobs`: how far jobs are, and what their people decide about them, from the shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.http import Http404

from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.models import Job, User
from dashboard.services import bulk
from dashboard.services.sentences import say

DECIDES = {
    "pause": bulk.pause,
    "resume": bulk.resume,
    "cancel": bulk.cancel,
    "undo": bulk.undo,
    "again": bulk.try_again,
}
SHOWN = 25  # jobs of a list
COUNTED = ("waiting", "done", "failed", "conflict", "unknown", "same", "cannot")


class Command(PlainCommand):
    """A list of jobs, one of them with its numbers, or what becomes of it."""

    help = "List jobs, or show one with its numbers. --undo prepares another job, which is started with --start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which job, who, and what."""
        parser.add_argument("job", nargs="?", type=int, help="its number")
        parser.add_argument("--person", default="", metavar="NAME", help="needed where several have credentials")
        what = parser.add_mutually_exclusive_group()
        for name in (*DECIDES, "start"):
            what.add_argument(f"--{name}", dest="decision", action="store_const", const=name)

        parser.add_argument("--yes", action="store_true", help="start also what deserves a second look")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        person = shell.find_person(options["person"])
        try:
            if options["job"] is None:
                for job in bulk.jobs(person)[:SHOWN]:
                    self.stdout.write(summary(person, job))
            elif options["decision"] == "start":
                self.stdout.write(summary(person, bulk.start(person, options["job"], has_read=options["yes"])))
            elif options["decision"]:
                self.stdout.write(summary(person, DECIDES[options["decision"]](person, options["job"])))
            else:
                job = bulk.job(person, options["job"])
                self.stdout.write(summary(person, job))
                for row in bulk.Results(person, job).rows():
                    self.stdout.write(shell.row(*row))
        except bulk.NotNow as refusal:
            raise CommandError(shell.sentence(say(refusal))) from refusal
        except (Http404, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal


def summary(person: User, job: Job) -> str:
    """A row: the number of the job, what it does, its state, and how many numbers have which result."""
    counts = bulk.Results(person, job).counts
    return shell.row(job.pk, job.action, job.state, *(f"{name}={counts.of(name)}" for name in COUNTED))
