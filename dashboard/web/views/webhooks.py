"""Pages about webhooks: where programs are told of what people watch."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services import telling
from dashboard.services.sentences import say
from dashboard.web.forms.watches import WebhookForm
from dashboard.web.views.requests import PersonRequest, page, status_of, too_often, typed_in

PAGE_SIZE = 25


@page("GET", "POST", confirmed=True)
def webhook_add(request: PersonRequest) -> HttpResponse:
    """Add a webhook. The answer to the form shows its secret, this once."""
    form = WebhookForm(typed_in(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            webhook, secret = telling.add_webhook(request.user, form.cleaned_data["address"], team=form.team)
        except (telling.AddressRefused, telling.AddressKnown, telling.TooManyWebhooks) as problem:
            form.add_error("address", say(problem))
        else:
            return render(request, "dashboard/webhook_secret.html", {"webhook": webhook, "secret": secret})
    return render(request, "dashboard/webhook_add.html", {"form": form}, status=status_of(request))


@page("GET")
def webhook_detail(request: PersonRequest, webhook: int) -> HttpResponse:
    """One webhook, and what was sent to it."""
    found = telling.webhook(request.user, webhook, access.SEE)
    messages_ = telling.messages_to(request.user, found).prefetch_related("deliveries").select_related("credential")
    context = {
        "webhook": found,
        "page": Paginator(messages_, PAGE_SIZE).get_page(request.GET.get("page", "1")),
        "is_managed": telling.webhooks(request.user, access.MANAGE).filter(pk=webhook).exists(),
        "secret": telling.secret_of(found),
        "both_sign_until": found.secrets.exclude(ends_at=None).values_list("ends_at", flat=True).first(),
    }
    return render(request, "dashboard/webhook.html", context)


@page("POST", confirmed=True)
def webhook_secret(request: PersonRequest, webhook: int) -> HttpResponse:
    """Sign with another secret. The answer shows it, this once."""
    shown = request.POST.get("shown", "")[:MAX_ID_DIGITS]
    try:
        secret = telling.replace_secret(request.user, webhook, seen=int(shown) if shown.isdecimal() else None)
    except telling.SecretReplaced as problem:
        messages.warning(request, say(problem))
        return redirect("webhook", webhook=webhook)
    found = telling.webhook(request.user, webhook, access.SEE)
    context = {"webhook": found, "secret": secret, "is_replaced": True}
    return render(request, "dashboard/webhook_secret.html", context)


@page("POST", confirmed=True)
def webhook_switch(request: PersonRequest, webhook: int) -> HttpResponse:
    """Send messages to it, or no longer (`on`)."""
    found = telling.switch(request.user, webhook, on=request.POST.get("on") == "1")
    said = _("The webhook is switched on.") if found.is_on else _("The webhook is switched off.")
    messages.success(request, said)
    return redirect("webhook", webhook=webhook)


@page("POST", confirmed=True)
def webhook_test(request: PersonRequest, webhook: int) -> HttpResponse:
    """Send a message that tells of nothing."""
    if refusal := too_often(request, "webhook_message"):
        return refusal
    try:
        telling.send_test(request.user, webhook)
    except telling.SwitchedOff as problem:
        messages.warning(request, say(problem))
    else:
        messages.success(request, _("A test is on its way: what becomes of it is seen below in a moment."))
    return redirect("webhook", webhook=webhook)


@page("POST", confirmed=True)
def webhook_again(request: PersonRequest, webhook: int, message: int) -> HttpResponse:
    """Send a message once more."""
    if refusal := too_often(request, "webhook_message"):
        return refusal
    try:
        telling.send_again(request.user, webhook, message)
    except telling.SwitchedOff as problem:
        messages.warning(request, say(problem))
    else:
        messages.success(request, _("It is sent again: what becomes of it is seen below in a moment."))
    return redirect("webhook", webhook=webhook)


@page("GET", "POST", confirmed=True)
def webhook_remove(request: PersonRequest, webhook: int) -> HttpResponse:
    """Remove a webhook, once it was confirmed."""
    found = telling.webhook(request.user, webhook, access.MANAGE)
    if request.method == "POST":
        telling.remove_webhook(request.user, webhook)
        messages.success(request, _("The webhook is removed."))
        return redirect("watches")
    return render(request, "dashboard/webhook_remove.html", {"webhook": found})
