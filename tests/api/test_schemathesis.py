"""Everything that the document allows, and what it does not, asked with the token of every role: nothing is found.

Schemathesis reads the document that is served, makes requests of it, follows its links, and holds each answer against
it. What is tried depends on the code alone, so that the same commit gets the same verdict.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from dashboard.models import Credential, Scope, Team, User
from dashboard.registry.models import Number
from tests.api.program import token_of
from tests.fixtures_people import share

EXAMPLES = 4  # of each operation, and of each of both modes
JOURNEYS, STEPS = 4, 8
KINDS = ["stranger", "viewer", "editor", "manager", "owner", "reading owner"]
# What the checks expect of good requests beside success: a review, a version or a key may be against them too.
CHECKS = {
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422", "428", "429", "502", "503"]
    },
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "406", "409", "412", "415", "422", "428", "429", "5xx"]
    },
    # Nobody is told by a 502 that a registry or the DNS does not answer that this is our fault.
    "not_a_server_error": {"expected-statuses": ["2xx", "4xx", "502", "503"]},
}
EFFORT = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def token(
    stranger: User, viewer: User, editor: User, manager: User, person: User, team: Team, credential: Credential
) -> Callable[[str], str]:
    """The token of each of KINDS; Alice's credential is shared with the team."""
    share(credential, team)
    people = {"stranger": stranger, "viewer": viewer, "editor": editor, "manager": manager, "owner": person}

    def of(kind: str) -> str:
        if kind == "reading owner":
            return token_of(person, scope=Scope.READ)
        return token_of(people[kind])

    return of


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests go on in the test's own transaction, as those of Django's test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture(params=KINDS)
def schema(request: pytest.FixtureRequest, token: Callable[[str], str]) -> Iterator[OpenApiSchema]:
    """The document, and the product behind it, asked with the token of one of KINDS, as often as it takes."""
    product = request.getfixturevalue("settings")
    product.E164WEB = replace(product.E164WEB, api_rate=1_000_000)
    product.ACCOUNT_RATE_LIMITS = {**product.ACCOUNT_RATE_LIMITS, "token_failed": "1000000/m/ip"}
    authorization = f"Bearer {token(request.param)}"
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Accept-Encoding": "identity"},
            "checks": CHECKS,
            "generation": {"deterministic": True, "with-security-parameters": False},
        }
    )
    with one_connection():
        found = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), config=config)

        @found.auth()
        class Token:
            """So that the checks know what to leave out, to see whether it was needed."""

            def get(self, case: Any, ctx: Any) -> str:
                return authorization

            def set(self, case: Any, data: str, ctx: Any) -> None:
                case.headers["Authorization"] = data

        yield found


def test_requests_of_every_kind_are_answered_as_the_document_says(
    schema: OpenApiSchema, credential: Credential, numbers: list[Number]
) -> None:
    there = {
        "credential": credential.pk,
        "number": str(numbers[0].pk),
        "record": numbers[0].records.order_by("pk")[0].pk,
    }

    def ask(case: Any) -> None:
        if case.meta.generation.mode == GenerationMode.POSITIVE:
            # What is there: of random ids all answers would be 404.
            case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
        case.call_and_validate()

    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # what cannot be read fails here
        takes_something = operation.definition.raw["parameters"] or operation.body
        for mode in (
            (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if takes_something else (GenerationMode.POSITIVE,)
        ):
            EFFORT(given(operation.as_strategy(generation_mode=mode))(ask))()


def test_what_answers_lead_to_is_there(schema: OpenApiSchema) -> None:
    schema.as_state_machine().run(settings=settings(EFFORT, max_examples=JOURNEYS))
