"""The preview of a record, which follows every key stroke and asks no registry."""

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.enum import check_draft
from dashboard.protocol import RecordData
from dashboard.services.numbers import is_of
from dashboard.services.numbers.formatting import digits_in, is_block
from dashboard.services.records.callers import Prospect, prospect
from dashboard.services.records.carried import carried
from dashboard.services.records.preview import preview
from dashboard.web.views.requests import PersonRequest, page

MAX_DIGITS = 15  # E.164
MAX_PREVIEWED = 1_000  # characters of host data; what is longer fits no record


@page("GET")
def record_preview(request: PersonRequest) -> HttpResponse:
    """What a record would become.

    The page's form brings the number's other records along (`carried`): with them it also says what becomes of the
    number's callers.
    """
    get = request.GET
    preference = get.get("preference", "")
    draft = RecordData(
        preference=int(preference) if preference.isascii() and preference.isdecimal() and len(preference) < 6 else 0,
        service=get.get("service", "")[:MAX_PREVIEWED],
        hostdata=get.get("hostdata", "")[:MAX_PREVIEWED].strip(),
    )
    coming = _prospect(get.get("carried", ""), get.get("fingerprint", ""), draft, get.get("dialled", ""))
    if coming is not None:
        digits, block = coming.callers.number.digits, is_block(coming.callers.number)
    else:
        number = get.get("number", "")
        digits, block = digits_in(number)[:MAX_DIGITS], number.rstrip().endswith("*")
    context = {
        "preview": preview(digits, draft, coming, is_block=block),
        "problems": check_draft(draft, digits, is_block=block),
    }
    return render(request, "dashboard/parts/preview.html", context)


def _prospect(text: str, seen: str, draft: RecordData, dialled: str) -> Prospect | None:
    """What a draft changes for callers, by the records that the page carried; `seen` says which one it replaces."""
    found = carried(text)
    if found is None:
        return None
    replaced = next((record for record in found.records if is_of(seen, record.id)), None)
    return prospect(found, draft, replaced, dialled)
