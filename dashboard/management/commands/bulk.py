"""`manage.py bulk`: many numbers changed from the shell, through the same preview and job as on the pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.http import Http404

from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.models import Job, JobState, User
from dashboard.services import bulk
from dashboard.services.bulk.preparing import prepare
from dashboard.services.bulk.templates import templates
from dashboard.services.search import QueryError
from dashboard.services.sentences import say

FIELDS = ("pattern", "service", "host", "old", "new", "preference", "hostdata", "add", "remove", "mode")


class Command(PlainCommand):
    """A preview of what would become of each number that a search finds; with --apply, a job."""

    help = (
        "Change all numbers that a search finds. Prints what would become of each, and sends nothing; with --apply "
        "it starts the job, which the background process carries out (manage.py jobs)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The search, the action and what it is given, and who."""
        parser.add_argument("query", help="as on the search page: host:pbx-old")
        parser.add_argument(
            "--action",
            required=True,
            choices=["point", "replace", "preference", "add", "remove", "template", "tag"],
        )
        for name in FIELDS:
            parser.add_argument(f"--{name}", default="", metavar=name.upper())
        parser.add_argument("--template", default="", metavar="NAME", help="the template that is put on")
        parser.add_argument("--person", default="", metavar="NAME", help="needed where several have credentials")
        parser.add_argument("--reason", default="", metavar="TEXT", help="kept in the history with each change")
        parser.add_argument("--apply", action="store_true", help="start it, also what deserves a second look")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        person = shell.find_person(options["person"])
        try:
            job = bulk.make(
                person,
                options["action"],
                given(person, options),
                query=options["query"],
                reason=options["reason"],
            )
            prepare.func(job.pk)
            job.refresh_from_db()
            self.show(person, job)
            if options["apply"]:
                job = bulk.start(person, job.pk, has_read=True)
                self.stdout.write(shell.row("job", job.pk, job.state))
            else:
                bulk.cancel(person, job.pk)
                self.stderr.write("Nothing was sent; repeat the command with --apply if this is what you want.")
        except bulk.Unfit as unfit:
            said = " ".join(f"{one.field}: {say(one)}" for one in unfit.problems)
            raise CommandError(shell.sentence(said)) from unfit
        except (QueryError, bulk.NotNow) as problem:
            raise CommandError(shell.sentence(say(problem))) from problem
        except (Http404, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal

    def show(self, person: User, job: Job) -> None:
        """Print a row for each number. Raises CommandError where the preview could not be made."""
        if job.state != JobState.PREVIEW:
            raise CommandError(shell.sentence(job.failure or "It could not be prepared."))
        for number, result, words, before, after, *_rest in bulk.Results(person, job).rows():
            self.stdout.write(shell.row(number, result, before, after, words))


def given(person: User, options: dict[str, Any]) -> dict[str, Any]:
    """The fields of the action. Raises CommandError for a template that there is not."""
    fields = {name: options[name] for name in FIELDS if options[name]}
    if options["action"] == "template":
        found = templates(person).filter(name=options["template"]).first()
        if found is None:
            raise CommandError(f"There is no template “{options['template']}”.")
        fields |= {"template": found.name, "records": found.records, "mode": options["mode"] or "add"}
    return fields
