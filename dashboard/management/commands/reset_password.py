"""`manage.py reset_password`: a link with which somebody who forgot the password chooses another."""

from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from dashboard.management.base import PlainCommand
from dashboard.management.shell import person_named
from dashboard.services import tokens
from dashboard.services.audit import note


class Command(PlainCommand):
    """Prints the link."""

    help = "Print a link that works once, with which the person of this user name chooses a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME."""
        parser.add_argument("name", help="user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it. Raises CommandError where there is no such person."""
        person = person_named(options["name"])
        key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
        note("password.link", by=None, about=person, words="manage.py")
        self.stdout.write(settings.E164WEB.url.whole(reverse("account_reset_password_from_key", kwargs=key)))
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        self.stderr.write(f"It works once, within {hours} hours, and not after {person.get_username()} signed in.")
        if kept := len(tokens.working_tokens(person)):
            name = person.get_username()
            self.stderr.write(f"{name} has {kept} token{'s' * (kept > 1)}, which work as before.")
