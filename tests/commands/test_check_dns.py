"""A whole account against the DNS from the shell."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from dashboard.enum import Naptr
from dashboard.management.progress import Progress
from dashboard.models import Credential
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import LiveZone, SetDns
from tests.ports import HOST, free_port

Said = Callable[..., list[str]]
NUMBERS = ("12005550100", "12005550101", "12005550102")


def sip(digits: str, place: int) -> Naptr:
    """What a record of the registry on a real socket becomes."""
    return Naptr(100, 10 * (place + 1), "u", "E2U+sip", f"!^.*$!sip:{digits[4:]}.{place}@sip.example.org!")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the command and return the lines of its output, with one blank between words; a failure is the last."""

    def run(*arguments: str) -> list[str]:
        capsys.readouterr()
        failures = []
        try:
            call_command("check_dns", *arguments)
        except CommandError as failure:
            failures.append(failure)
        lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
        assert [failure.returncode for failure in failures] in ([], [1])
        return [*lines, *map(str, failures)]

    return run


@pytest.fixture
def published(live_zone: LiveZone) -> None:
    """All numbers, as they should be."""
    for digits in NUMBERS:
        live_zone.publish(digits, sip(digits, 0), sip(digits, 1))


def test_counts_an_account_that_is_as_it_should_be(in_zone: Credential, published: None, said: Said) -> None:
    assert said() == ["published 3"]


def test_lists_what_is_not_as_it_should_be(
    in_zone: Credential, published: None, live_zone: LiveZone, said: Said
) -> None:
    live_zone.publish(NUMBERS[0], sip(NUMBERS[0], 0), Naptr(100, 5, "u", "E2U+sip", "!^.*$!sip:x@example.org!"))
    live_zone.publish(NUMBERS[2])

    assert said() == [
        "Number Name servers Resolvers What",
        "+1 200 555 0100 differs differs 1 missing; 1 only in the DNS",
        "+1 200 555 0102 missing missing 2 missing",
        "differs 1",
        "published 1",
        "missing 1",
        "2 of 3 numbers are not in the DNS as they should be.",
    ]


def test_says_it_record_by_record_on_demand(
    in_zone: Credential, published: None, live_zone: LiveZone, said: Said
) -> None:
    live_zone.publish(NUMBERS[0], sip(NUMBERS[0], 0))

    assert f"missing: {sip(NUMBERS[0], 1).to_text()}" in said("--verbosity", "2")
    assert f"missing: {sip(NUMBERS[0], 1).to_text()}" not in said()


def test_names_a_server_that_does_not_answer(
    in_zone: Credential, published: None, live_zone: LiveZone, said: Said
) -> None:
    nobody = f"{HOST}:{free_port()}"
    in_zone.registry.name_servers = f"{live_zone.address}, {nobody}"
    in_zone.registry.save()

    lines = said()

    assert lines[1] == (
        f"+1 200 555 0100 unreachable published Nothing listens at {nobody}: it refused the connection"
    )
    assert lines[-1] == "3 of 3 numbers are not in the DNS as they should be."


def test_goes_by_the_resolvers_where_no_name_server_is_known(
    in_zone: Credential, published: None, live_zone: LiveZone, set_dns: SetDns, said: Said
) -> None:
    in_zone.registry.name_servers = ""
    in_zone.registry.save()

    lines = said()  # the zone names servers at 127.0.0.1, which may not be asked

    assert lines[-1] == "published 3"
    assert any("No name server was found for e164.test" in line for line in lines)


def test_asks_about_more_numbers_than_a_page(in_zone: Credential, said: Said) -> None:
    with FaultyRegistry(numbers=120, records=0) as large:
        in_zone.registry.url, in_zone.registry.ca_bundle = large.url, large.ca_path
        in_zone.registry.save()

        assert said() == ["empty 120"]


def test_says_why_the_account_cannot_be_read(in_zone: Credential, registry: FaultyRegistry, said: Said) -> None:
    registry.fault("list", "html")

    (sentence,) = said()
    assert sentence.endswith(".")


def test_says_which_numbers_cannot_be_read(
    in_zone: Credential, registry: FaultyRegistry, published: None, said: Said
) -> None:
    registry.fault("show", "html")

    lines = said()
    assert lines[1].startswith("+1 200 555 0100 not read")
    assert lines[-2:] == ["not read 3", "3 of 3 numbers are not in the DNS as they should be."]


class Terminal:
    """What the command writes to; `is_terminal` is whether somebody looks."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.is_terminal = is_terminal
        self.text = ""

    def isatty(self) -> bool:
        """Whether somebody looks."""
        return self.is_terminal

    def write(self, text: str, ending: str = "\n") -> None:
        """Keep it."""
        self.text += text + ending

    def flush(self) -> None:
        """There is nothing to wait for."""


def test_a_bar_shows_how_far_it_is_on_a_terminal() -> None:
    terminal = Terminal(is_terminal=True)

    with Progress(terminal, 1200, "numbers") as progress:
        progress.drawn_at = 0
        progress.forward(600)

    assert "[###############...............] 600 of 1,200 numbers" in terminal.text
    assert terminal.text.endswith("\r\x1b[K")


@pytest.mark.parametrize("total", [0, 5])
def test_nothing_is_drawn_where_nobody_looks(total: int) -> None:
    terminal = Terminal(is_terminal=False)

    with Progress(terminal, total, "numbers") as progress:
        progress.forward(total)

    assert terminal.text == ""


def test_an_account_without_numbers_has_a_bar_too() -> None:
    terminal = Terminal(is_terminal=True)

    with Progress(terminal, 0, "numbers"):
        pass

    assert "0 of 0 numbers" in terminal.text
