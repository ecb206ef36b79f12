"""The preview of a record, which follows every key stroke and asks no registry."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.enum import NumberError, check_draft, read_number, without_star
from dashboard.protocol import RecordData
from dashboard.services.records.carried import carried
from dashboard.services.records.preview import as_drafted, preview
from dashboard.web.forms.number import NumberForm, is_key
from dashboard.web.forms.records import NEW
from dashboard.web.forms.services import Options
from dashboard.web.views.requests import PersonRequest, page

MAX_DIGITS = 15  # E.164
MAX_PREVIEWED = 1_000  # characters; what is longer fits no record


@page("POST")
def record_preview(request: PersonRequest) -> HttpResponse:
    """What a record would become.

    The form is that of the number's page; `of` is the key of the record, and `carried` are the number's records as
    they were shown. With them it also says what becomes of the number's callers, once the record can be saved at all.
    """
    post = request.POST
    key = post.get("of", "")
    key = key if is_key(key) else NEW
    form = NumberForm(post, Options(), key).forms[key]
    typed = form.draft or RecordData(preference=0, service="", hostdata="")
    draft = RecordData(
        preference=typed.preference, service=typed.service[:MAX_PREVIEWED], hostdata=typed.hostdata[:MAX_PREVIEWED]
    )
    found = carried(post.get("carried", ""))
    if found is None:
        digits, block = _name(post.get("number", "")[:MAX_PREVIEWED])
        shown = preview(digits, draft, is_block=block)
        shown = replace(shown, problems=check_draft(draft, digits, is_block=block))
    else:
        record = found.find(form.record_id) if form.record_id is not None else None
        shown = as_drafted(replace(found, dialled=post.get("dialled", "")), draft, record)
    return render(request, "dashboard/parts/preview.html", {"preview": shown})


def _name(text: str) -> tuple[str, bool]:
    """The digits of the page's number and whether it is a block: no country's prefix is among them."""
    plain, block = without_star(text)
    try:
        return read_number(plain, public=False)[:MAX_DIGITS], block
    except NumberError:
        return "", block
