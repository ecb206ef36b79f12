"""The page of a block: its holes, and what a number in it gets."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from dashboard import access
from dashboard.services.numbers.formatting import writing
from dashboard.services.records.block import NotABlock, look_at_block
from dashboard.services.records.callers import MAX_DIALLED
from dashboard.web.views.requests import PersonRequest, page


@page("GET")
def number_block(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """For which numbers the block answers; with `dialled`, what that one gets. One number has its own page alone."""
    credential = access.credential(request.user, pk, access.SEE)
    try:
        block = look_at_block(request.user, credential, number_id, request.GET.get("dialled", "")[:MAX_DIALLED])
    except NotABlock:
        return redirect("number", pk=pk, number_id=number_id)
    context = {
        "credential": credential,
        "seen": block,
        "found": block.found,
        "number": block.found.number,
        "callers": block.callers,
        "written": writing(block.found.number, block.found.suffix),
    }
    return render(request, "dashboard/number_block.html", context)
