"""Whose an e-mail address is, as far as this site knows."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from dashboard.models import User


def people_at(address: str) -> QuerySet[User]:
    """Whoever proved that the address is theirs, and those for whom an administrator wrote it down.

    What somebody merely typed makes it nobody's: neither another address that is not verified yet, nor the one with
    which somebody signed up. Only the latter is a primary address before it is verified.
    """
    rows = EmailAddress.objects.filter(email__iexact=address)
    proved = Q(pk__in=rows.filter(verified=True).values("user"))
    typed = Q(pk__in=rows.filter(verified=False, primary=True).values("user"))
    return User.objects.filter(proved | Q(email__iexact=address) & ~typed)
