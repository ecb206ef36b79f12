"""How the person who has signed in wants to be shown things."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from dashboard.web.forms.person import SettingsForm, ThemeForm
from dashboard.web.preferences import language_of
from dashboard.web.views.requests import PersonRequest, page


@page("GET", "POST")
def person_settings(request: PersonRequest) -> HttpResponse:
    """Language, time zone, colours and notices of one's own."""
    if request.method != "POST":
        return render(request, "dashboard/settings.html", {"form": SettingsForm(instance=request.user)})
    form = SettingsForm(request.POST, instance=request.user)
    if not form.is_valid():
        return render(request, "dashboard/settings.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    person = form.save()
    with override(language_of(person, request)):  # in which the next page speaks
        messages.success(request, _("Your settings were saved."))
    return redirect("settings")


@page("POST")
def person_theme(request: PersonRequest) -> HttpResponse:
    """The colours, as the switch in the header sends them, which waits for no page."""
    form = ThemeForm(request.POST, instance=request.user)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    form.save()
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
