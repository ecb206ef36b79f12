"""Whose watches and webhooks there are: one's own, and those of one's teams, which their managers change."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import OutboxMessage, User, Watch, Webhook


def watches(person: User, may: access.May = access.SEE) -> QuerySet[Watch]:
    """The watches that this person may see, or MANAGE: their own and those of their teams, of what they still see."""
    seen = Watch.objects.filter(access.of_theirs(person, may), credential__in=access.credentials(person).values("pk"))
    return seen.select_related("credential__registry", "user", "team")


def watch(person: User, pk: int, may: access.May) -> Watch:
    """One watch. Raises Http404, and PermissionDenied for a member who may not do this in the team."""
    found = watches(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such watch."))
    if found.team_id is not None:
        access.team(person, found.team_id, may)
    return found


def webhooks(person: User, may: access.May = access.SEE) -> QuerySet[Webhook]:
    """The webhooks that this person may see, or MANAGE: their own and those of their teams."""
    return Webhook.objects.filter(access.of_theirs(person, may)).select_related("user", "team")


def webhook(person: User, pk: int, may: access.May) -> Webhook:
    """One webhook. Raises Http404, and PermissionDenied for a member who may not do this in the team."""
    found = webhooks(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such webhook."))
    if found.team_id is not None:
        access.team(person, found.team_id, may)
    return found


def messages_to(person: User, webhook: Webhook) -> QuerySet[OutboxMessage]:
    """What is sent to a webhook that this person may see. What is about a credential that they do not see any more is
    theirs no longer, and what happened since least of all: it is noted for the webhook, and dropped when it is sent.
    """
    seen = access.credentials(person).values("pk")
    return webhook.messages.filter(Q(credential=None) | Q(credential__in=seen))
