"""`manage.py reset_factors`: let somebody in who lost the second factor."""

from argparse import ArgumentParser
from typing import Any

from dashboard.management.base import PlainCommand
from dashboard.management.shell import person_named
from dashboard.services import second_factors, tokens


class Command(PlainCommand):
    """Removes them."""

    help = "Remove all second factors, passkeys and recovery codes of a person: the password alone is then enough."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME."""
        parser.add_argument("name", help="user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them. Raises CommandError where there is no such person."""
        person = person_named(options["name"])
        removed = second_factors.remove_all(person, by=None, words="manage.py")
        name = person.get_username()
        if removed:
            self.stdout.write(f"{name} has no second factor any more, and signs in with the password alone.")
        else:
            self.stdout.write(f"{name} had no second factor. Nothing was changed.")
        if kept := len(tokens.working_tokens(person)):
            self.stderr.write(f"{name} has {kept} token{'s' * (kept > 1)}, which work as before.")
