"""`manage.py sign_in_link NAME`: let somebody in while they cannot sign in as usual."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.urls import reverse

from dashboard.management.base import PlainCommand
from dashboard.models import User
from dashboard.services.people import sign_in_links


class Command(PlainCommand):
    """Prints a link."""

    help = "Print a link that lets somebody sign in once, within ten minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person."""
        parser.add_argument("name", help="the user name of the person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the link. Raises CommandError where there is no such person, or they are disabled."""
        person = User.objects.filter(username=options["name"]).first()
        if person is None:
            raise CommandError(f"There is no user “{options['name']}”.")
        if not person.is_active:
            raise CommandError(f"The user “{person}” is disabled: enable it in the admin first.")
        path = reverse("sign-in-link", args=[sign_in_links.make(person)])
        self.stdout.write(settings.E164WEB.url.whole(path))
        self.stderr.write(f"Whoever opens this link within ten minutes is signed in as “{person}”, once.")
