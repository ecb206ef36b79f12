"""Django's command line, with one sentence instead of a traceback for what the person at the keyboard can mend."""

import os
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from e164web.checks import sentences

# These say what is wrong in their own way, or need no settings at all.
ALWAYS = frozenset({"check", "help", "version", "--help", "-h", "--version"})
INTERRUPTED = 128 + 2  # what shells report for SIGINT


def main() -> None:
    """Run the management command of this process's command line: `manage.py`, `e164web`, `python -m e164web`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    run(sys.argv)


def run(argv: Sequence[str]) -> None:
    """Run one management command. Ends the process with 1 and a sentence where the installation is at fault."""
    os.umask(0o077)  # whichever command makes the database: it holds password hashes
    command = argv[1] if len(argv) > 1 else "help"
    if command not in ALWAYS and (problems := sentences()):
        sys.exit("\n".join(problems))
    try:
        execute_from_command_line(list(argv))
    except DatabaseError as error:
        if "--traceback" in argv:
            raise
        sys.exit(database_sentence(error))
    except BrokenPipeError:
        # Whoever read our output (`| head`) has gone; Python must not complain about it on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def database_sentence(error: DatabaseError) -> str:
    """What is wrong with the database, and where to look."""
    lines = str(error).strip().splitlines()
    why = lines[0].strip().rstrip(".") if lines else type(error).__name__
    database = settings.DATABASES["default"]
    where = "Check that the database runs, and E164WEB_DATABASE_URL."
    if database["ENGINE"].endswith("sqlite3"):
        where = f"Check the file {database['NAME']}: its owner, its mode, and the space left on the disk."
    return f"The database cannot be used: {why}. {where}"
