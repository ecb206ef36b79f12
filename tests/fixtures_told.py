"""Who is told: receivers of webhooks that may be spoken to, and what is watched."""

import dataclasses
import ipaddress
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.models import Credential, Email, Kind, User, Watch, Webhook
from dashboard.services import telling
from tests.faulty_registry.certificates import ca_path
from tests.receiver import Receiver, receiving

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
Watches = Callable[..., Watch]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which the administrator allows."""
    allow(settings)
    with receiving() as running:
        yield running


def allow(settings: Any) -> None:
    """Let webhooks be sent to this machine, and trust the certificates of the tests."""
    settings.E164WEB = dataclasses.replace(settings.E164WEB, webhook_networks=LOOPBACK, webhook_ca=ca_path())


@pytest.fixture
def webhook(receiver: Receiver, person: User) -> tuple[Webhook, str]:
    """Alice's webhook, with its secret."""
    return telling.add_webhook(person, receiver.address, team=None)


def watch(
    person: User,
    credential: Credential,
    *kinds: Kind,
    number_id: int | None = None,
    email: Email = Email.NONE,
    to_webhooks: bool = True,
    team: int | None = None,
    tag: str = "",
) -> Watch:
    """Watch a credential, or one of its numbers, for these kinds of events, or for all."""
    return telling.add_watch(
        person,
        credential.pk,
        team=team,
        number_id=number_id,
        number="",
        tag=tag,
        kinds=kinds or list(Kind),
        email=email,
        to_webhooks=to_webhooks,
    )
