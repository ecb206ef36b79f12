"""Saving a number's note."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.services import numbers
from dashboard.services.numbers import NoteConflict
from dashboard.web.forms.notes import NoteForm
from dashboard.web.views.numbers import render_number
from dashboard.web.views.requests import PersonRequest, page


@page("POST")
def number_note(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Save the note and the tags of a number; both versions where somebody else has changed them meanwhile."""
    credential = access.credential(request.user, pk, access.EDIT)
    found = numbers.show_number(request.user, credential, number_id)
    form = NoteForm(request.POST, shown=numbers.note_of(credential, number_id))
    if not form.is_valid():
        return render_number(request, credential, found, note=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = form.cleaned_data
    try:
        numbers.write_note(
            request.user, credential, found.number, text=said["note"], tags=said["tags"], version=said["version"]
        )
    except NoteConflict as conflict:
        form.follow(conflict.found)
        return render_number(
            request, credential, found, note=form, note_now=conflict.found, status=HTTPStatus.CONFLICT
        )
    messages.success(request, _("The note was saved."))
    return redirect("number", pk=pk, number_id=number_id)
