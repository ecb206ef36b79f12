"""The commands of docs/api.md, run as they stand there against the product as a user starts it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faulty_registry import FaultyRegistry
from tests.interop import documents
from tests.programs import LIMIT, manage
from tests.services.product import Person, running

DOCUMENT = "api.md"
MAKE_TOKEN = """
from datetime import timedelta
from django.utils import timezone
from dashboard.models import Scope, User
from dashboard.services import tokens
made = tokens.make(
    User.objects.get(username="admin"), name="of a test", scope=Scope("{scope}"),
    expires_at=timezone.now() + timedelta(days=1), beginnings=({beginnings})
)
print(made[1])
"""


# One process runs them all, and starts the product once.
pytestmark = pytest.mark.xdist_group("API document")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, Path]]:
    """The product, with the administrator's credential at a registry, and its data folder."""
    folder = tmp_path_factory.mktemp("product")
    with FaultyRegistry() as registry:
        registry.store.add_number(registry.username, "44", "20", "79460000")
        with running(folder, registry) as person:
            yield person, folder


def token(folder: Path, scope: str = "write", beginnings: str = "") -> str:
    """A token of the administrator's."""
    given = "".join(f'"{digits}",' for digits in beginnings.split())
    done = manage(folder, "shell", "-v0", "-c", MAKE_TOKEN.format(scope=scope, beginnings=given))
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def run(folder: Path, person: Person, given: str, script: str) -> list[str]:
    """What the blocks of the document said, one after the other in one shell."""
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "SITE": person.url, "TOKEN": given},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert not done.returncode, f"{done.stdout}\n{done.stderr}"
    return done.stdout.split("\n---\n")


def test_the_commands_do_what_the_document_says(product: tuple[Person, Path], tmp_path: Path) -> None:
    person, folder = product
    blocks = documents.blocks(DOCUMENT, "sh")
    (numbers,) = documents.blocks(DOCUMENT, "json")
    (tmp_path / "numbers.json").write_text(numbers)
    said = run(tmp_path, person, token(folder), "\necho; echo ---\n".join(blocks))
    titles = [block.partition("\n")[0] for block in blocks]
    about = dict(zip(titles, said, strict=True))

    def of(beginning: str) -> str:
        (found,) = [text for title, text in about.items() if title.startswith(f"# {beginning}")]
        return found.strip()

    assert json.loads(of("who am I"))["person"] == "admin"
    assert "At Elsewhere at Elsewhere: may edit" in of("which credentials")
    assert of("find a number") == "+12005550100"
    assert len(json.loads(of("read a number"))) == 2
    assert of("who can call it").startswith("Kamailio: sip:")
    assert of("add a record") == ""
    assert json.loads(of("what would become"))["steps"][0]["command"] == "update"
    assert of("change a record") == "applied"
    both = json.loads(of("somebody was faster"))
    assert both["sent"][0]["preference"] == 50
    assert 5 in {record["preference"] for record in both["current"]}
    assert of("what happened").splitlines()[-1].strip('"') == "update"
    assert of("delete a record") in {"missing", "unreachable", "unpublished"}
    looked, *_sent, last = of("look, send").splitlines()
    assert looked == last.replace("nothing", "") or "night@sip.example.org" in looked
    assert person.registry.rows(person.registry.number_ids[0])[1].endswith("night@sip.example.org")


def test_a_token_that_may_only_read_and_only_some_numbers_tries_everything_else(
    product: tuple[Person, Path], tmp_path: Path
) -> None:
    person, folder = product
    number = f"$SITE/api/v1{person.credential}numbers/{person.registry.number_ids[0]}"
    mine = f"$SITE/api/v1{person.credential}numbers/+442079460000"
    requests = {
        number: "404",
        f"$SITE/api/v1{person.credential}numbers/+12005550100/records": "404",
        f"--request DELETE --header 'If-Match: \"0\"' {number}/records/1": "403",
        f"--request PUT --json '{{\"records\": []}}' --header 'If-Match: \"0\"' {number}/records": "403",
        f"--request PUT --json '{{\"records\": []}}' --header 'If-Match: \"0\"' {mine}/records?dry_run=1": "403",
        "--json '{}' --header 'If-Match: \"0\"' $SITE/api/v1/history/1/undo": "404",
        "--request POST $SITE/api/v1/history/1/settle": "404",
        "$SITE/credentials/": "302",
        "$SITE/tokens/": "302",
        "--header 'X-Token: none' $SITE/api/v1/me?token=$TOKEN": "422",
        "$SITE/api/v1/me": "200",
        mine: "200",
    }
    ask = "curl --silent --output /dev/null --write-out '%{http_code}\\n' --header \"Authorization: Bearer $TOKEN\""
    script = "\n".join(f"{ask} {request}" for request in requests)

    assert run(tmp_path, person, token(folder, "read", "44"), script)[0].split() == list(requests.values())
