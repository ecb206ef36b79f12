"""`manage.py import_records`: what a file would change, from the shell; with --apply it is changed."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.http import Http404

from dashboard.enum import Naptr
from dashboard.management import shell
from dashboard.management.base import PlainCommand
from dashboard.models import Format, Job, JobNumber, JobState, Result, User
from dashboard.models.job import MAX_REASON
from dashboard.protocol import RecordState
from dashboard.services import bulk, transfer
from dashboard.services.sentences import say
from dashboard.services.transfer import Options, Unreadable

READ = 65_536  # octets at a time


class Command(PlainCommand):
    """The preview of an import, made in this process; --apply starts it."""

    help = (
        "Show what the records of a file would change: a table (CSV), JSON lines or a zone file. Nothing is sent "
        "without --apply; with it, the background process carries it out (manage.py jobs says how far it is)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose numbers, and what is made of it."""
        parser.add_argument("file", metavar="FILE", help="- for the standard input")
        parser.add_argument("--credential", default="", metavar="LABEL", help="needed where there are several")
        parser.add_argument("--person", default="", metavar="NAME", help="needed where several have credentials")
        parser.add_argument("--format", choices=Format.values, help="what the file is, where its name does not tell")
        parser.add_argument("--origin", default="", metavar="NAME", help="the zone, for its relative names")
        parser.add_argument(
            "--replace", action="store_true", help="delete the other records of each number; without it they stay"
        )
        others = parser.add_mutually_exclusive_group()
        others.add_argument("--split", action="store_true", help="take what leads to the same as other NAPTR records")
        others.add_argument("--raw", action="store_true", help="keep other NAPTR records as raw ones, word for word")
        parser.add_argument("--make", action="store_true", help="make numbers that the account does not have")
        parser.add_argument("--plain", action="store_true", help="numbers without + begin with their country code")
        parser.add_argument("--reason", default="", metavar="TEXT", help="kept in the history")
        parser.add_argument("--apply", action="store_true", help="start it")
        parser.add_argument("--unsafe", action="store_true", help="with --apply, also what becomes unsafe")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError with one sentence."""
        if len(options["reason"]) > MAX_REASON or not options["reason"].isprintable():
            raise CommandError(f"The reason must be one line of at most {MAX_REASON} characters.")
        person = shell.find_person(options["person"])
        try:
            job = self.preview(person, options)
            if job.state != JobState.PREVIEW:
                raise CommandError(shell.sentence(job.failure or "The preview could not be made."))
            self.show(job)
            if options["apply"]:
                bulk.start(person, job.pk, has_read=options["unsafe"])
                self.stderr.write(f"Job {job.pk} has started.")
            else:
                self.stderr.write(f"Nothing was sent. Job {job.pk} waits: manage.py jobs {job.pk} --start")
        except (Unreadable, bulk.NotNow) as problem:
            raise CommandError(shell.sentence(say(problem))) from problem
        except (Http404, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error

    def preview(self, person: User, options: dict[str, Any]) -> Job:
        """The job, with its preview. Raises Unreadable, OSError, Http404 and PermissionDenied."""
        credential = shell.find_credential(person, options["credential"])
        chosen = Options(
            replaces=options["replace"],
            splits=options["split"],
            keeps_raw=options["raw"],
            makes=options["make"],
            takes_plain=options["plain"],
            origin=options["origin"].rstrip("."),
        )
        path, format_ = Path(options["file"]), Format(options["format"]) if options["format"] else None
        with ExitStack() as stack:
            file = sys.stdin.buffer if options["file"] == "-" else stack.enter_context(path.open("rb"))
            kept = transfer.keep(person, credential.pk, _parts(file), name=path.name, format_=format_, options=chosen)
        job = transfer.start_preview(person, kept, Options.of(kept.options), reason=options["reason"])
        transfer.prepare_import.func(kept.pk)
        job.refresh_from_db()
        return job

    def show(self, job: Job) -> None:
        """Print a row for each number that is not as the file wants it already."""
        counts = dict.fromkeys(Result, 0)
        for number in JobNumber.objects.filter(job=job).order_by("place").iterator(chunk_size=500):
            counts[Result(number.result)] += 1
            if number.result != Result.SAME:
                self.stdout.write(shell.row(*_columns(number)))
        counted = ", ".join(f"{result}: {count}" for result, count in counts.items() if count)
        self.stderr.write(f"Numbers: {counted or 'none'}.")


def _columns(number: JobNumber) -> Iterator[object]:
    """What is known of it, its digits, what it has and is to have, and why not."""
    texts = (_said(number.before, number.raws_before or ()), _said(number.after, number.raws_after or ()))
    yield from (number.result, number.digits and f"+{number.digits}", *texts)
    yield shell.sentence(" ".join([number.words, *number.concerns]))


def _said(records: Iterable[RecordState], raws: Iterable[Naptr]) -> str:
    said = [f"{one.preference} {one.service} {one.hostdata}" for one in records]
    return "; ".join([*said, *(f"NAPTR {one.to_text()}" for one in raws)])


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(READ):
        yield part
