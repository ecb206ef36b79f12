"""Who can call, on the pages: the table, what a change takes away, and the second look at what is unsafe."""

import re
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser

from dashboard.enum import Naptr
from dashboard.models import Change, Credential
from dashboard.protocol import Number as ListedNumber
from dashboard.protocol import RecordState
from dashboard.registry import store
from dashboard.registry.models import Account, Number
from dashboard.services.numbers.formatting import writing
from dashboard.services.records.callers import Callers
from dashboard.telephones import predict
from tests.web.views.far import Far, typed
from tests.web.views.pages import elements_of, errors_of, form_to, notices_of, text_of

SECRET = "alice:secret@example.org"
SYSTEMS = ["Kamailio", "OpenSIPS", "Asterisk", "FreeSWITCH", "Yate", "FreePBX"]
PREVIEW = "/preview/"
NUMBER = ListedNumber(id=1, country="1", area="200", local="5550100")


def carried_by(page: Any) -> str:
    """What a number's page gives its previews to carry."""
    return next(given["value"] for given in elements_of(page, "input") if given.get("name") == "carried")


def table(page: Any) -> list[list[str]]:
    """The cells of the table as a person reads them, row by row: first the head, in each row first the record."""
    text: str = page.content.decode().partition('<table class="callers-table"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def words(html: str) -> str:
    """The text of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_the_page_of_a_number_shows_who_can_call(alice: Browser, far: Far) -> None:
    page = alice.get(far.address)

    assert "All 6 telephone systems can call this number." in text_of(page)
    head, first, second = table(page)
    ways = [*(f"{system} 2 ways" for system in SYSTEMS[:-1]), "FreePBX 2 ways, only with chan_sip"]
    assert head == ["+1 200 555 0100 0.0.1.0.5.5.5.0.0.2.1.e164.arpa", *ways]
    assert first == ["1 E2U+sip preference 10 → sip:5550100.0@sip.example.org"] + ["1 dialled as number 1"] * 6
    assert second[1:] == ["2 dialled as number 2"] * 6


def test_the_table_is_one_for_a_screen_reader_too(alice: Browser, far: Far) -> None:
    page = alice.get(far.address)

    assert "What each telephone system does with the records of +1 200 555 0100" in text_of(page)
    heads = [given.get("scope") for given in elements_of(page, "th")]
    assert heads == ["col"] * 7 + ["row"] * 2
    roles = [given.get("role") for tag in ("table", "tr", "th", "td") for given in elements_of(page, tag)]
    assert None not in roles


def test_why_a_record_is_skipped_can_be_read(alice: Browser, far: Far) -> None:
    far.add(30, "pbx.example.org/1", "IAX2")
    row = table(alice.get(far.address))[3]

    assert row[1:5] == ["skipped: It does not look for this service."] * 4
    assert row[5:] == ["3 dialled as number 3"] * 2


def test_why_a_record_breaks_the_number_can_be_read() -> None:
    records = [RecordState(id=pk, preference=pk, service="SIP", hostdata="a@example.org") for pk in (1, 2)]
    callers = Callers(NUMBER, tuple(records))
    # None that e164web publishes does: so two that somebody else may have written.
    naptrs = [Naptr(100, pk, flags, "E2U+sip", "!^.*$!sip:a@example.org!") for pk, flags in ((1, "s"), (2, "u"))]
    callers.predictions = predict(NUMBER.digits, naptrs)
    html = render_to_string("dashboard/parts/callers.html", {"callers": callers, "written": writing(NUMBER)})
    cells = [words(cell) for cell in re.findall(r"<td.*?</td>", html, re.DOTALL)]

    assert "skipped: Not used, because record 1 makes Asterisk drop the whole number." in cells
    assert any(cell.startswith("breaks the number: ") for cell in cells)


def test_a_record_that_is_not_in_the_dns_is_left_out_and_counted(alice: Browser, far: Far) -> None:
    far.add(5, "anything", "x-fax")
    page = alice.get(far.address)

    _head, first, second, _third = table(page)
    assert first == ["1 x-fax preference 5", "left out of the DNS: no DNS form is known"]
    assert second[:2] == ["2 E2U+sip preference 10 → sip:5550100.0@sip.example.org", "1 dialled as number 1"]


def test_nothing_of_a_record_becomes_markup(alice: Browser, far: Far) -> None:
    hurtful = "\"'><script>alert(1)</script><b style=x onclick=y>"
    far.add(5, hurtful)
    far.add(6, hurtful, "<script>")
    page = alice.get(far.address)

    assert "<script>alert" not in page.content.decode()
    assert page.content.decode().count("&lt;script&gt;alert(1)") >= 2
    for tag in ("b", "table", "th", "td", "span", "li", "code", "section"):
        assert not any({"style", "onclick"} & given.keys() for given in elements_of(page, tag))


def test_a_long_table_is_folded_and_a_short_one_is_not(alice: Browser, far: Far) -> None:
    def is_open() -> bool:
        (details,) = [
            given for given in elements_of(alice.get(far.address), "details") if given.get("id") == "callers"
        ]
        return "open" in details

    assert is_open()
    for place in range(10):
        far.add(100 + place, f"user{place}@example.org")
    assert not is_open()


def test_sixty_records_are_shown_and_the_others_counted(alice: Browser, far: Far) -> None:
    for place in range(59):
        far.add(100 + place, f"user{place}@example.org")
    page = alice.get(far.address)

    assert len(table(page)) == 1 + 60
    assert "1 more record is not shown." in text_of(page)
    assert "does not fit into one packet" in text_of(page)


def test_a_number_without_records_can_be_called_by_nobody(alice: Browser, far: Far) -> None:
    for record in far.records:
        far.remove(record)

    assert "No telephone system can call this number, unless it is inside a block" in text_of(alice.get(far.address))


def test_the_preview_says_what_is_lost_and_asks_no_registry(alice: Browser, far: Far) -> None:
    far.remove(far.records[1])
    page = alice.get(far.address)
    form = form_to(page, far.record_address())
    asked = far.registry.requests

    said = text_of(
        alice.post(
            PREVIEW,
            {
                "number": far.digits,
                "carried": carried_by(page),
                **form.fields,
                "of": str(far.records[0]),
                "service": "IAX2",
                "hostdata": "pbx.example.org/1",
            },
        )
    )

    assert "Kamailio, OpenSIPS, Asterisk or FreeSWITCH can no longer call this number." in said
    assert "gets to" not in said  # the others get to what replaces it
    assert far.registry.requests == asked


def test_the_preview_of_a_new_record_takes_nothing_away(alice: Browser, far: Far) -> None:
    carried = carried_by(alice.get(far.address))
    page = alice.post(
        PREVIEW,
        {"number": far.digits, "carried": carried, "preference": "50", "service": "SIP", "hostdata": "n@e.org"},
    )

    assert [given["class"] for given in elements_of(page, "li")] == ["system callers-used"] * 6
    assert "no longer" not in text_of(page)


@pytest.mark.parametrize("carried", ["", "x", "A" * 5_000, "<script>"])
def test_the_preview_does_without_what_nobody_could_have_carried(alice: Browser, carried: str) -> None:
    draft = {"number": "12005550100", "service": "SIP", "hostdata": "a@example.org", "preference": "10"}
    page = alice.post(PREVIEW, draft | {"carried": carried})

    assert page.status_code == 200
    assert page.content == alice.post(PREVIEW, draft).content


def test_without_a_script_the_preview_button_says_the_same(alice: Browser, far: Far) -> None:
    page = far.form(alice).submit(alice, service="IAX2", hostdata="pbx.example.org/1", preview="1")

    assert page.status_code == 200
    assert "no longer gets to sip:5550100.0@sip.example.org" in text_of(
        page
    ) or "No telephone system gets to" in text_of(page)
    assert far.writes() == []


def test_what_only_changes_who_can_call_is_saved_at_once(alice: Browser, far: Far) -> None:
    answer = far.form(alice).submit(alice, service="IAX2", hostdata="pbx.example.org/1")

    assert answer.status_code == 302
    assert far.writes() == ["update"]


def test_a_password_in_the_host_data_gets_a_second_look(alice: Browser, far: Far) -> None:
    page = far.form(alice).submit(alice, hostdata=SECRET)

    assert page.status_code == 422
    (notice,) = [said for said in notices_of(page) if "Nothing was saved yet" in said]
    assert "There is a password in the host data." in notice
    assert far.writes() == []
    assert not Change.objects.exists()


def test_a_number_with_a_trunk_prefix_gets_a_second_look_before_it_is_published(alice: Browser, far: Far) -> None:
    number_id = far.registry.store.add_number(far.registry.username, "44", "020", "79460958")
    address = f"/credentials/{far.credential.pk}/numbers/{number_id}/add/"
    page = form_to(alice.get(address), address).submit(alice, service="SIP", hostdata="alice@example.org")

    assert page.status_code == 422
    (notice,) = [said for said in notices_of(page) if "Nothing was saved yet" in said]
    assert "+44 20 7946 0958 was probably meant" in notice
    assert far.writes() == []
    form = form_to(page, address)
    ((name, value, _),) = [button for button in form.buttons if button[0] == "accepted"]
    assert form.submit(alice, **{name: value}).status_code == 302
    assert far.writes() == ["new"]


def test_save_all_the_same_posts_the_same_and_is_believed(alice: Browser, far: Far) -> None:
    form = form_to(far.form(alice).submit(alice, hostdata=SECRET), far.record_address())
    assert form.fields["hostdata"] == SECRET
    ((name, value, _),) = [button for button in form.buttons if button[0] == "accepted"]

    answer = form.submit(alice, **{name: value})

    assert answer.status_code == 302
    assert far.hostdata()[0] == SECRET


def test_the_first_button_of_the_form_accepts_nothing(alice: Browser, far: Far) -> None:
    """The Enter key presses it."""
    page = far.form(alice).submit(alice, hostdata=SECRET)
    whole, form = form_to(page, far.address), form_to(page, far.record_address())

    assert whole.buttons[0] == ("", "", "")
    assert form.submit(alice).status_code == 422
    assert far.writes() == []


@pytest.mark.parametrize("accepted", ["", "1", "on", "0" * 64, "<script>"])
def test_no_other_word_accepts(alice: Browser, far: Far, accepted: str) -> None:
    page = far.form(alice).submit(alice, hostdata=SECRET, accepted=accepted)

    assert page.status_code == 422
    assert far.writes() == []


def test_what_was_accepted_for_one_reason_is_not_accepted_for_another(alice: Browser, far: Far) -> None:
    form = form_to(far.form(alice).submit(alice, hostdata=SECRET), far.record_address())
    accepted = next(value for name, value, _ in form.buttons if name == "accepted")
    for place in range(12):
        far.add(100 + place, f"{'u' * 60}{place}@example.org")

    page = form.submit(alice, hostdata="alice:secret@" + "x" * 60 + ".example.org", accepted=accepted)

    assert page.status_code == 422
    assert "octets" in text_of(page)
    assert far.writes() == []


def test_an_answer_that_leaves_udp_gets_a_second_look(alice: Browser, far: Far) -> None:
    for place in range(17):
        far.add(100 + place, f"user{place}@example.org")
    page = far.new_form(alice).submit(alice, **typed(f"{'x' * 120}@example.org"))

    assert page.status_code == 422
    assert "Above 1,232 it does not fit into one packet" in text_of(page)
    accepted = [value for name, value, _ in form_to(page, f"{far.address}add/").buttons if name == "accepted"]
    assert form_to(page, f"{far.address}add/").submit(alice, accepted=accepted[0]).status_code == 302


def test_an_answer_that_asterisk_cannot_read_is_refused_at_its_field(alice: Browser, far: Far) -> None:
    for place in range(40):
        far.add(100 + place, f"{'u' * 40}{place}@example.org")
    page = far.new_form(alice).submit(alice, **typed(f"{'x' * 200}@example.org"))

    assert page.status_code == 422
    (error,) = errors_of(page)
    assert "Asterisk reads at most 4,096" in error
    (field,) = [given for given in elements_of(page, "input") if "aria-invalid" in given]
    assert field["name"] == "hostdata"
    assert far.writes() == []


def test_the_delete_page_says_who_can_no_longer_call(alice: Browser, far: Far) -> None:
    far.set(far.records[1], service="IAX2", hostdata="pbx.example.org/1")
    said = text_of(alice.get(f"{far.record_address()}delete/"))

    assert "2 of 6 telephone systems can call this number: Yate, FreePBX." in said
    assert "Somebody who uses Kamailio, OpenSIPS, Asterisk or FreeSWITCH can no longer call this number." in said


def test_the_delete_all_page_says_that_nobody_can_call_any_more(alice: Browser, far: Far) -> None:
    said = text_of(alice.get(f"{far.address}delete-all/"))

    assert "No telephone system can call this number any more." in said
    assert "Nothing: no record is left" in said


def test_a_registry_that_does_not_list_leaves_the_neighbours_unknown(alice: Browser, far: Far) -> None:
    far.registry.fault("list", "bad")
    page = alice.get(f"{far.address}delete-all/")

    assert page.status_code == 200
    assert "What this changes for other numbers is not known" in text_of(page)


@pytest.fixture
def block(account: Account) -> Number:
    """A block with a record."""
    number = Number(account=account, country="1", area="604", local="777", is_block=True)
    store.save_number(number)
    store.create_record(number, preference=10, service="SIP", hostdata="block@example.org")
    return number


@pytest.fixture
def inside(account: Account, credential: Credential, block: Number) -> str:
    """The page of a number inside the block, without records."""
    number = Number(account=account, country="1", area="604", local="7770100")
    store.save_number(number)
    return f"/credentials/{credential.pk}/numbers/{number.pk}/"


def test_a_block_is_shown_by_one_of_its_numbers(alice: Browser, credential: Credential, block: Number) -> None:
    page = alice.get(f"/credentials/{credential.pk}/numbers/{block.pk}/")

    assert "*.7.7.7.4.0.6.1.e164.arpa" in table(page)[0][0]
    assert "Predicted for +16047770000" in text_of(page)
    assert "A block: it answers for every longer number that begins like this" in text_of(page)


def test_the_first_record_inside_a_block_gets_a_second_look(alice: Browser, inside: str) -> None:
    address = f"{inside}add/"
    shown = alice.get(address)
    assert "No other number that begins with +16047770 gets an answer from the block +1604777*" in text_of(shown)

    page = form_to(shown, address).submit(alice, hostdata="one@example.org")
    assert page.status_code == 422
    form = form_to(page, address)
    accepted = next(value for name, value, _ in form.buttons if name == "accepted")
    assert form.submit(alice, accepted=accepted).status_code == 302

    again = form_to(alice.get(address), address)
    assert again.submit(alice, hostdata="two@example.org").status_code == 302


def test_the_last_record_inside_a_block_gives_its_place_back(alice: Browser, inside: str) -> None:
    address = f"{inside}add/"
    page = form_to(alice.get(address), address).submit(alice, hostdata="one@example.org")
    accepted = next(value for name, value, _ in form_to(page, address).buttons if name == "accepted")
    form_to(page, address).submit(alice, accepted=accepted)
    said = text_of(alice.get(f"{inside}delete-all/"))

    assert "The block +1604777* will answer for +16047770100 again." in said
    assert "All other numbers that begin with +16047770, for which there has been no answer" in said
    assert "Nothing: no record is left" not in said


def test_why_a_system_cannot_call_is_said_where_it_is_counted(alice: Browser, far: Far) -> None:
    for place in range(12):
        far.add(30 + place, f"user@{'very-long-host-name-part.' * 6}example.org")

    said = text_of(alice.get(far.address))
    assert "not Yate. The answer has" in said
    assert "Yate reads no more than 2,048 and finds nothing." in said


def test_what_would_help_systems_that_look_for_sip_is_said_once(
    alice: Browser, credential: Credential, numbers: list[Number]
) -> None:
    said = text_of(alice.get(f"/credentials/{credential.pk}/numbers/{numbers[2].pk}/"))

    assert "1 of 6 telephone systems can call this number: Yate. Records of other services are passed over;" in said
    assert said.count("a SIP record is understood by all of them") == 1
