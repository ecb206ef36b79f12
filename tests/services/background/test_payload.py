"""What programs are told is as docs/watching.md says."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from django.utils import timezone

from dashboard.models import Change, Credential, OutboxMessage, Outcome, User, WatchedNumber, Webhook
from dashboard.protocol import RecordState
from dashboard.services import background, telling
from dashboard.services.dns import State
from dashboard.services.history import settled
from tests.fixtures_told import watch
from tests.receiver import Receiver
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db

BLOCKS = re.findall(r"```json\n(.*?)```", (ROOT / "docs/watching.md").read_text(encoding="utf-8"), re.DOTALL)
EXAMPLE, SCHEMA = (json.loads(block) for block in BLOCKS)
RECORD = RecordState(id=1, preference=10, service="SIP", hostdata="a@example.org")


def change(person: User | None, credential: Credential, command: str, before: list[Any], after: list[Any]) -> None:
    made = Change.objects.create(
        user=person,
        person=person.get_username() if person else "",
        credential=credential,
        command=command,
        number_id=7,
        number="441632960123",
        record_id=1,
        before=before,
        after=after,
        looked_at=None if person else timezone.now(),
    )
    settled(made, Outcome.APPLIED, "")


def strict(schema: Any) -> Any:
    """The same schema, in which no object may have other properties than those that are named."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(each) for name, each in schema.items()}
    return closed | {"additionalProperties": False} if schema.get("type") == "object" else closed


def test_every_kind_of_message_is_as_the_schema_says(
    person: User, stranger: User, credential: Credential, receiver: Receiver, webhook: tuple[Webhook, str]
) -> None:
    watch(person, credential)
    watched = WatchedNumber.objects.create(credential=credential, number_id=7)
    now = timezone.now()
    change(stranger, credential, "new", [], [RECORD])
    change(stranger, credential, "delete", [RECORD], [])
    change(None, credential, "seen", [], [RECORD])
    for ends in (False, True):
        telling.note_dns(watched, "441632960123", State.MISSING, now, follows=ends)
        telling.note_registry(credential.registry, now, "It hangs.", answers=ends)
    telling.send_test(person, webhook[0].pk)
    WatchedNumber.objects.all().delete()

    background.one_round()

    payloads = [got.verified_with(webhook[1]) for got in receiver.got]
    for payload in [EXAMPLE, *payloads]:
        jsonschema_rs.validate(strict(SCHEMA), payload)
    assert {payload["type"] for payload in payloads} == set(SCHEMA["properties"]["type"]["enum"])
    assert not OutboxMessage.objects.filter(fate="waiting").exists()
