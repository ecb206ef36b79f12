"""Pages of the mirror: how far its refresh is, an account as a whole, and a number whose registry does not answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import Refused, RegistryError
from dashboard.models import Credential
from dashboard.services import credentials as credential_services
from dashboard.services import mirror
from dashboard.services.numbers import note_of
from dashboard.services.numbers.formatting import writing
from dashboard.services.records.callers import Callers
from dashboard.services.records.preview import as_it_is
from dashboard.web.views.requests import PersonRequest, page


@page("GET", "POST")
def credential_refresh(request: PersonRequest, pk: int) -> HttpResponse:
    """How far a refresh is; POST has one begun."""
    credential = access.credential(request.user, pk, access.SEE)
    if request.method == "POST":
        mirror.want(credential)
        messages.success(request, _("The numbers are read again in the background. You can go on meanwhile."))
        return redirect("numbers", pk=pk)
    context = {"credential": credential, "fresh": mirror.freshness(credential)}
    return render(request, "dashboard/credential_refresh.html", context)


@page("GET")
def credential_overview(request: PersonRequest, pk: int) -> HttpResponse:
    """What an account has as a whole, in pictures."""
    credential = access.credential(request.user, pk, access.SEE)
    credential_services.with_teams(request.user, [credential])
    fresh = mirror.freshness(credential)
    mirror.note_use(credential, fresh)
    context = {
        "credential": credential,
        "fresh": fresh,
        "overview": mirror.overview(request.user, credential),
    }
    return render(request, "dashboard/credential_overview.html", context)


def from_mirror(
    request: PersonRequest, credential: Credential, number_id: int, failure: RegistryError
) -> HttpResponse:
    """A number as it was seen last, for reading only, where its registry does not answer.

    Raises the failure where the registry did answer, or nobody has seen the number.
    """
    known = None if isinstance(failure, Refused) else mirror.mirrored_number(request.user, credential, number_id)
    if known is None:
        raise failure
    credential_services.with_teams(request.user, [credential])
    context = {
        "credential": credential,
        "failure": failure,
        "known": known,
        "found": known.found,
        "number": known.found.number,
        "written": writing(known.found.number, known.found.suffix),
        "rows": [{"record": record, "preview": as_it_is(known.found, record)} for record in known.found.records],
        "callers": Callers.of(known.found),
        "noted": note_of(credential, number_id),
    }
    return render(request, "dashboard/number_mirrored.html", context)
