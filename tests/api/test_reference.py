"""The page about the API, and the document from which clients are made."""

import dataclasses
import json
import re
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client as Browser

from dashboard.api.document import document, operations
from dashboard.api.kinds import KINDS
from tests.api.program import Program
from tests.api.versions import COMMITTED, VERSIONS, digest_of, text_of_document


@pytest.fixture
def anonymous(db: None) -> Browser:
    """The browser of somebody who has not signed in."""
    return Browser()


def test_the_document_that_is_committed_is_the_one_that_is_served(anonymous: Browser) -> None:
    served = json.loads(anonymous.get("/api/openapi.json").content)

    assert served == json.loads(text_of_document())
    assert served == json.loads(COMMITTED.read_text(encoding="utf-8")), "python -m tests.api.versions writes it"


def test_a_document_that_changed_has_another_version() -> None:
    text = text_of_document()
    version = json.loads(text)["info"]["version"]

    assert json.loads(VERSIONS.read_text())[version] == digest_of(text), (
        "raise VERSION in dashboard/api/operations.py"
    )


def test_the_page_shows_every_operation_and_every_kind_of_problem(anonymous: Browser) -> None:
    page = anonymous.get("/api/")
    text = page.content.decode()

    assert page.status_code == 200
    for one in operations(document()):
        assert f'id="{one["operationId"]}"' in text
    for code in KINDS:
        assert f'id="{code}"' in text
    assert "Content-Security-Policy" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_the_page_is_read_by_who_has_signed_in_too(alice: Browser) -> None:
    assert alice.get("/api/").status_code == 200


def test_a_type_of_a_problem_points_to_where_it_is_explained(program: Program, anonymous: Browser) -> None:
    said = json.loads(program.get("/api/v1/nothing").content)
    address, _, anchor = said["type"].partition("#")

    assert f'id="{anchor}"' in anonymous.get(address).content.decode()


def test_every_operation_has_examples_that_its_own_schemas_allow() -> None:
    made = json.loads(json.dumps(document()))
    components = made["components"]

    def check(content: dict[str, Any]) -> None:
        for media in content.values():
            found = [media["example"]] if "example" in media else [one["value"] for one in media["examples"].values()]
            validator = jsonschema_rs.validator_for({**media["schema"], "components": components})
            for example in found:
                validator.validate(example)

    for one in operations(made):
        assert one["summary"].endswith(".")
        for status, response in one["responses"].items():
            whole = components["responses"][status] if "$ref" in response else response
            assert whole["content"]
            check(whole["content"])
        if "requestBody" in one:
            check(one["requestBody"]["content"])


def test_links_lead_to_operations_and_name_their_parameters() -> None:
    made = document()
    known = {one["operationId"]: {each["name"] for each in one["parameters"]} for one in operations(made)}
    links = [
        link
        for one in operations(made)
        for response in one["responses"].values()
        for link in response.get("links", {}).values()
    ]

    assert links
    for link in links:
        assert {name.rpartition(".")[2] for name in link["parameters"]} <= known[link["operationId"]]


def test_an_installation_may_have_no_api(anonymous: Browser, program: Program, settings: Any) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, api=False)

    for address in ("/api/", "/api/openapi.json", "/api/v1/me", "/api/nothing"):
        assert anonymous.get(address).status_code == 404
        assert program.get(address).status_code == 404
