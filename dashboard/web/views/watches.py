"""Pages about what people want to be told of."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Credential, Email, Watch
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services import numbers, telling
from dashboard.services.fingerprints import ChangedMeanwhile
from dashboard.services.sentences import say
from dashboard.web.forms.watches import NewWatchForm, WatchForm
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in


@page("GET")
def watch_list(request: PersonRequest) -> HttpResponse:
    """What this person and their teams watch, and the webhooks that are told of it."""
    person = request.user
    context = {
        "watches": telling.watches(person),
        "webhooks": telling.webhooks(person),
        "managed": set(access.teams(person, access.MANAGE).values_list("pk", flat=True)),
        "sends_mail": telling.sends_mail(),
        "has_no_address": telling.sends_mail() and not (person.email and person.email_notices),
    }
    return render(request, "dashboard/watches.html", context)


@page("GET", "POST")
def watch_add(request: PersonRequest) -> HttpResponse:
    """Watch a number, or a whole credential; the address of the page says which (`credential`, `number`)."""
    pk, number_id = _id(request, "credential"), _id(request, "number")
    if pk is None:
        return _choose(request)
    credential = access.credential(request.user, pk, access.SEE)
    number = numbers.show_number(request.user, credential, number_id).number.digits if number_id is not None else ""
    form = NewWatchForm(typed_in(request), person=request.user, credential=credential, number_id=number_id)
    if request.method == "POST" and form.is_valid():
        return _added(request, credential, number_id, number, form)
    context = {"form": form, "credential": credential, "number_id": number_id, "number": number}
    return render(request, "dashboard/watch_add.html", context, status=status_of(request))


def _added(
    request: PersonRequest, credential: Credential, number_id: int | None, number: str, form: NewWatchForm
) -> HttpResponse:
    asked = {**form.asked, "number_id": number_id, "number": number, "tag": form.tag}
    try:
        telling.add_watch(request.user, credential.pk, team=form.team, **asked)
    except telling.AlreadyWatched as earlier:
        messages.info(request, say(earlier))
        return redirect("watch", pk=earlier.watch.pk)
    messages.success(request, _("It is watched from now on."))
    return redirect("watches")


def _choose(request: PersonRequest) -> HttpResponse:
    """Which credential is to be watched: a link for each. Its numbers are watched from their pages."""
    context = {"credentials": access.credentials(request.user)}
    return render(request, "dashboard/watch_choose.html", context)


def _id(request: PersonRequest, name: str) -> int | None:
    """An id in the address of the page. Raises Http404 for what is none."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS):
        raise Http404(_("There is no such number."))
    return int(text)


@page("GET", "POST")
def watch_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """Be told of other things, or in another way."""
    watch = telling.watch(request.user, pk, access.MANAGE)
    form = WatchForm(typed_in(request), watch=watch)
    if request.method == "POST" and form.is_valid():
        try:
            telling.change_watch(request.user, pk, seen=form.cleaned_data["shown"], **form.asked)
        except ChangedMeanwhile as changed:
            sentence = _(
                "This watch was changed since you opened it, to tell of: %(now)s. Save again to replace that."
            )
            form.refuse(sentence % {"now": _as_it_is(changed.now)}, telling.mark_of(changed.now))
        else:
            messages.success(request, _("The watch is changed."))
            return redirect("watches")
    context = {"form": form, "watch": watch, "credential": watch.credential, "number": watch.number, "tag": watch.tag}
    return render(request, "dashboard/watch.html", context, status=status_of(request))


def _as_it_is(watch: Watch) -> str:
    """What a watch tells of and how, in one line."""
    of = [str(kind.label) for kind in watch.asked_for]
    mail = {Email.NOW: _("e-mail at once"), Email.DAILY: _("e-mail once a day")}.get(Email(watch.email), "")
    how = [mail, _("webhooks") if watch.to_webhooks else ""]
    return f"{', '.join(of)} ({', '.join(filter(None, how))})"


@page("POST")
def watch_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Watch it no longer."""
    telling.remove_watch(request.user, pk)
    messages.success(request, _("It is watched no longer."))
    return redirect("watches")
