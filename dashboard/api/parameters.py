"""What stands in addresses and headers of the API, declared once."""

import uuid
from typing import Annotated

from ninja import Header, Path, Query

from dashboard.api.problems import Refusal
from dashboard.models import Credential, User
from dashboard.protocol import MAX_ID
from dashboard.services.numbers.finding import find_number

MAX_ETAG = 200  # characters of a header; an id and a SHA-256 have 84 at most
MAX_NUMBER = 42  # characters: a + and a star, and digits as the history keeps them

CredentialId = Annotated[int, Path(ge=0, le=MAX_ID, description="The id of a credential.")]
NumberName = Annotated[
    str,
    Path(
        pattern=r"^(?:[0-9]{1,18}|\+[0-9]{1,40}\*?)$",
        max_length=MAX_NUMBER,
        description="The id of a number, or + and its digits, with * behind for a block. An id saves a question.",
    ),
]
RecordId = Annotated[int, Path(ge=0, le=MAX_ID, description="The id of a record.")]
ChangeId = Annotated[int, Path(ge=0, le=MAX_ID, description="The id of a change in the history.")]
TeamId = Annotated[int, Path(ge=0, le=MAX_ID, description="The id of a team.")]

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=MAX_ETAG,
        pattern=r'^(?:\*|(?:W/)?"[^"]*"|[0-9a-f-]*)$',
        description="The ETag of what you have seen. Without it nothing is written (428), with another one neither "
        "(412).",
    ),
]
Key = Annotated[
    uuid.UUID | None,
    Header(
        alias="Idempotency-Key",
        description="A UUID of yours: a request that comes again with it is answered with what came of the first.",
    ),
]
DryRun = Annotated[bool, Query(description="Answer with what would become of it, and send nothing.")]


def seen(if_match: str | None) -> str:
    """The fingerprint in If-Match, with or without quotation marks. Raises Refusal.

    Who compresses an answer marks its ETag as weak (W/), although it is that of what is said and not of octets.
    """
    if not if_match or if_match == "*":
        raise Refusal("precondition-required")
    return if_match.removeprefix("W/").strip('"')


def seen_if_any(if_match: str | None) -> str:
    """The same for what sends nothing: empty where the program does not say what it has seen."""
    return seen(if_match) if if_match else ""


def number_id_of(person: User, credential: Credential, name: str) -> int:
    """The id of a number that is named by it, or by its digits. Raises Http404 and client.RegistryError."""
    return find_number(person, credential, name).id if name.startswith("+") else int(name)
