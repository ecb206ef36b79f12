"""What a page offers to take back."""

from django import template
from django.contrib.messages.storage.base import Message

from dashboard.models import Change
from dashboard.services.undo import can_be_undone

register = template.Library()

UNDO = "undo-"  # and the id of the change that a message tells of


@register.filter
def undoes(message: Message) -> str:
    """The id of the change that a message tells of, where it can be taken back; empty otherwise."""
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix(UNDO) for tag in tags if tag.startswith(UNDO)), "")


@register.filter
def undoable(change: Change) -> bool:
    """Whether a change can be taken back by somebody who may change records with its credential."""
    return can_be_undone(change)
