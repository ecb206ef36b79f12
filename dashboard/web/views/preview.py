"""The preview of a record, which follows every key stroke and asks no registry."""

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.enum import NumberError, check_draft, read_number
from dashboard.protocol import RecordData
from dashboard.services.records.callers import Prospect, prospect
from dashboard.services.records.carried import carried
from dashboard.services.records.preview import preview
from dashboard.web.forms.number import NumberForm, is_key
from dashboard.web.forms.records import NEW, RecordForm
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
    digits = _digits(post.get("number", "")[:MAX_PREVIEWED])
    problems = check_draft(draft, digits)
    wrong = any(problem.is_error for problem in problems)
    coming = None if wrong else _prospect(post.get("carried", ""), form, draft)
    context = {"preview": preview(digits, draft, coming), "problems": problems}
    return render(request, "dashboard/parts/preview.html", context)


def _digits(text: str) -> str:
    """The page names its number by all its digits: no country's prefix is among them."""
    try:
        return read_number(text, public=False)[:MAX_DIGITS]
    except NumberError:
        return ""


def _prospect(text: str, form: RecordForm, draft: RecordData) -> Prospect | None:
    """What a draft changes for callers, by the records that the page carried."""
    found = carried(text)
    if found is None:
        return None
    return prospect(found, draft, found.find(form.record_id) if form.record_id is not None else None)
