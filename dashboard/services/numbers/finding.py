"""A number of an account by its digits."""

from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import narrowing
from dashboard.models import Credential, User
from dashboard.protocol import Number
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers.formatting import name_of


def find_number(person: User, credential: Credential, text: str) -> Number:
    """The number that is written as + and its digits, with * behind for a block.

    The registry is asked for all of them. Raises Http404, and client.RegistryError.
    """
    for number in connect(person, credential).list():
        if name_of(number).text == text.removeprefix("+"):
            narrowing.insist_number(person, number.digits)
            return number
    raise Http404(_("This account has no such number."))
