"""Who is told of what: watches, webhooks, and what is put into the outbox. It is sent by `services.background`."""

from dashboard.services.telling.noting import concerns_dns, note_change, note_dns, note_registry, note_switched_off
from dashboard.services.telling.receiving import (
    AddressRefused,
    SwitchedOff,
    TooManyWebhooks,
    add_webhook,
    drop_waiting,
    remove_webhook,
    replace_secret,
    send_again,
    send_test,
    switch,
)
from dashboard.services.telling.watching import (
    AlreadyWatched,
    add_watch,
    change_watch,
    remove_watch,
    sends_mail,
    tagged,
    tags_in,
)
from dashboard.services.telling.whose import messages_to, watch, watches, webhook, webhooks

__all__ = [
    "AddressRefused",
    "AlreadyWatched",
    "SwitchedOff",
    "TooManyWebhooks",
    "add_watch",
    "add_webhook",
    "change_watch",
    "concerns_dns",
    "drop_waiting",
    "messages_to",
    "note_change",
    "note_dns",
    "note_registry",
    "note_switched_off",
    "remove_watch",
    "remove_webhook",
    "replace_secret",
    "send_again",
    "send_test",
    "sends_mail",
    "switch",
    "tagged",
    "tags_in",
    "watch",
    "watches",
    "webhook",
    "webhooks",
]
