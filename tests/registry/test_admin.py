"""What an administrator does: give accounts and numbers out, and find them among many."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dashboard.protocol import secret_of
from dashboard.registry import store
from dashboard.registry.auth import authenticate
from dashboard.registry.models import Account, Number, Record
from dashboard.registry.refusal import Refusal
from tests.registry.conftest import PASSWORD, make_account
from tests.registry.test_long_lists import give_numbers

ADMIN = "admin:registry_"
INLINE = "records"


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(ADMIN + name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def account_form(*ranges: str, **values: str) -> dict[str, object]:
    """What the browser sends for an account and the ranges on its page, all of them new."""
    rows = {f"ranges-{index}-digits": digits for index, digits in enumerate(ranges)}
    return {"ranges-TOTAL_FORMS": len(ranges), "ranges-INITIAL_FORMS": 0, **rows, **values}


def number_form(account: Account, *records: dict[str, object], **values: object) -> dict[str, object]:
    """What the browser sends for a number and the records on its page."""
    known = sum("id" in record for record in records)
    form: dict[str, object] = {
        "account": account.pk,
        "country": "1",
        "area": "604",
        "local": "5550123",
        f"{INLINE}-TOTAL_FORMS": len(records),
        f"{INLINE}-INITIAL_FORMS": known,
    }
    for index, record in enumerate(records):
        form |= {f"{INLINE}-{index}-{name}": value for name, value in record.items()}
    return form | values


# --- who --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["account", "number", "record"])
def test_a_stranger_is_sent_away(db: None, client: Client, name: str) -> None:
    for action in ("changelist", "add"):
        assert client.get(reverse(f"{ADMIN}{name}_{action}")).status_code == 302


# --- accounts ---------------------------------------------------------------------------------------------------
def test_a_new_account_can_log_in_with_the_password_that_was_typed(admin_client: Client) -> None:
    form = account_form(username="carol", password=" spaces count ", is_active="on", note="")
    assert admin_client.post(reverse(ADMIN + "account_add"), form).status_code == 302
    account = Account.objects.get()
    assert authenticate("carol", secret_of(" spaces count "), "127.0.0.1") == account


def test_a_new_account_needs_a_password(admin_client: Client) -> None:
    response = admin_client.post(reverse(ADMIN + "account_add"), account_form(username="carol", password=""))
    assert "A new account needs a password." in response.content.decode()
    assert not Account.objects.exists()


def test_an_account_keeps_its_password_unless_one_is_typed(alice: Account, admin_client: Client) -> None:
    url = reverse(ADMIN + "account_change", args=[alice.pk])
    admin_client.post(url, account_form(username="alice", password="", is_active="on", note="club"))
    assert authenticate("alice", secret_of(PASSWORD), "127.0.0.1").note == "club"
    admin_client.post(url, account_form(username="alice", password="changed", is_active="on", note="club"))
    assert authenticate("alice", secret_of("changed"), "127.0.0.1") == alice


def test_neither_password_nor_hash_is_ever_shown(alice: Account, admin_client: Client) -> None:
    pages = page(admin_client, "account_change", alice.pk) + page(admin_client, "account_changelist")
    response = admin_client.post(
        reverse(ADMIN + "account_change", args=[alice.pk]), account_form(username="", password="typed once")
    )
    assert response.status_code == 200
    pages += response.content.decode()
    assert not any(word in pages for word in (PASSWORD, alice.secret_hash, "counting$", "typed once"))


def test_an_account_that_is_made_inactive_is_out(alice: Account, admin_client: Client) -> None:
    admin_client.post(reverse(ADMIN + "account_change", args=[alice.pk]), account_form(username="alice", password=""))
    with pytest.raises(Refusal):
        authenticate("alice", secret_of(PASSWORD), "127.0.0.1")


def test_ranges_are_read_as_numbers_are(alice: Account, admin_client: Client) -> None:
    url = reverse(ADMIN + "account_change", args=[alice.pk])
    values = {"username": "alice", "password": "", "is_active": "on", "note": ""}
    admin_client.post(url, account_form("+44 (20) 79", "1604", **values))
    assert [found.digits for found in alice.ranges.all()] == ["1604", "442079"]
    twice = admin_client.post(url, account_form("49", "49", **values)).content.decode()
    assert "Please correct the duplicate" in twice
    assert "cannot be part of one" in admin_client.post(url, account_form("club", **values)).content.decode()
    assert alice.ranges.count() == 2


def test_accounts_are_found_by_name_and_note(alice: Account, admin_client: Client) -> None:
    Account.objects.create(username="bob", note="the club's bridge")
    found = page(admin_client, "account_changelist", q="bridge")
    assert "bob" in found
    assert ">alice<" not in found


def test_only_an_account_without_numbers_can_be_deleted(number: Number, admin_client: Client) -> None:
    empty = make_account("empty")
    assert (
        admin_client.post(reverse(ADMIN + "account_delete", args=[number.account_id]), {"post": "yes"}).status_code
        == 403
    )
    assert admin_client.post(reverse(ADMIN + "account_delete", args=[empty.pk]), {"post": "yes"}).status_code == 302
    assert list(Account.objects.all()) == [number.account]


def test_an_account_leads_to_its_numbers(number: Number, bobs_record: Record, admin_client: Client) -> None:
    link = re.search(
        r'href="([^"]*\?account__id__exact=\d+)"', page(admin_client, "account_change", number.account_id)
    )
    assert link
    numbers = admin_client.get(link[1]).content.decode()
    assert "+1 604 5550123" in numbers
    assert "+44 20 79460958" not in numbers


# --- numbers ----------------------------------------------------------------------------------------------------
def test_a_number_is_given_to_an_account_with_its_records(alice: Account, admin_client: Client) -> None:
    form = number_form(
        alice,
        {"preference": "10", "service": "SIP", "hostdata": "alice@example.org"},
        {"preference": "20", "service": "XMPP", "hostdata": "alice@example.net"},
        country="+1",
        area="(604)",
        local="555-0123",
    )
    assert admin_client.post(reverse(ADMIN + "number_add"), form).status_code == 302
    number = Number.objects.get(digits="16045550123")
    assert number.account == alice
    assert list(number.records.values_list("preference", "service")) == [(10, "SIP"), (20, "XMPP")]


def test_records_are_changed_added_and_deleted_on_the_page_of_the_number(
    record: Record, second_record: Record, admin_client: Client
) -> None:
    number = record.number
    gone = {"id": second_record.pk, "number": number.pk, "DELETE": "on"}
    changed = {"id": record.pk, "number": number.pk, "preference": "10", "service": "SIP"}
    form = number_form(
        number.account,
        gone | {"preference": "5", "service": "MAILTO", "hostdata": "alice@example.net"},
        changed | {"hostdata": "new@example.org"},
        {"preference": "30", "service": "XMPP", "hostdata": "added@example.org"},
    )
    assert admin_client.post(reverse(ADMIN + "number_change", args=[number.pk]), form).status_code == 302
    rows = list(number.records.values_list("service", "hostdata"))
    assert rows == [("SIP", "new@example.org"), ("XMPP", "added@example.org")]
    assert number.records.filter(pk=record.pk).exists()


def test_what_an_administrator_changes_passes_through_the_store(
    record: Record, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever follows changes (the publication of the zone) hooks into the store and must miss nothing."""
    calls: list[str] = []

    def listen(name: str) -> None:
        original = getattr(store, name)

        def heard(*args: object, **values: object) -> object:
            calls.append(name)
            return original(*args, **values)

        monkeypatch.setattr(store, name, heard)

    for name in ("create_record", "update_record", "delete_record", "save_number", "delete_number"):
        listen(name)
    number = record.number
    values = {"preference": "11", "service": "SIP", "hostdata": "new@example.org"}
    form = number_form(number.account, {"id": record.pk, "number": number.pk, **values}, dict(values))
    admin_client.post(reverse(ADMIN + "number_change", args=[number.pk]), form)
    admin_client.post(reverse(ADMIN + "record_change", args=[record.pk]), values | {"preference": "12"})
    admin_client.post(reverse(ADMIN + "record_add"), values | {"number": number.pk})
    admin_client.post(reverse(ADMIN + "record_delete", args=[record.pk]), {"post": "yes"})
    rest = list(Record.objects.values_list("pk", flat=True))
    action = {"action": "delete_selected", "_selected_action": rest, "post": "yes"}
    admin_client.post(reverse(ADMIN + "record_changelist"), action)
    admin_client.post(reverse(ADMIN + "number_delete", args=[number.pk]), {"post": "yes"})
    assert calls == [
        "save_number",
        "update_record",
        "create_record",
        "update_record",
        "create_record",
        "delete_record",
        "delete_record",
        "delete_record",
        "delete_number",
    ]
    assert not Number.objects.exists()
    assert not Record.objects.exists()


def test_numbers_deleted_together_go_through_the_store_with_their_records(
    record: Record, bobs_record: Record, admin_client: Client
) -> None:
    action = {"action": "delete_selected", "_selected_action": [record.number_id], "post": "yes"}
    admin_client.post(reverse(ADMIN + "number_changelist"), action)
    assert list(Record.objects.all()) == [bobs_record]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"local": "555012345678"}, "at most 15"),
        ({"country": "0"}, "begins with 0"),
        ({"local": "ALICE"}, "digits only"),
        ({"area": "60", "local": "45550123"}, "has this number already"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_sentence(
    bobs_record: Record, number: Number, admin_client: Client, values: dict[str, str], sentence: str
) -> None:
    form = number_form(bobs_record.number.account, **values)
    response = admin_client.post(reverse(ADMIN + "number_add"), form)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Number.objects.count() == 2


def test_a_record_that_no_row_can_hold_is_refused(number: Number, admin_client: Client) -> None:
    form = number_form(number.account, {"preference": "65536", "service": "PIGEON", "hostdata": "two\nlines"})
    response = admin_client.post(reverse(ADMIN + "number_change", args=[number.pk]), form)
    assert response.status_code == 200
    assert not Record.objects.exists()


@pytest.mark.parametrize("term", ["5550123", "555-0123", "+1 (604) 555", "alice"])
def test_numbers_are_found_in_any_writing(
    number: Number, bobs_record: Record, admin_client: Client, term: str
) -> None:
    found = page(admin_client, "number_changelist", q=term)
    assert "+1 604 5550123" in found
    assert "+44 20 79460958" not in found


# --- many -------------------------------------------------------------------------------------------------------
@pytest.fixture
def many(record: Record) -> Number:
    give_numbers(record.number.account, 3_000)
    Account.objects.bulk_create(Account(username=f"account {index}") for index in range(3_000))
    return record.number


@pytest.mark.parametrize("name", ["number", "record"])
def test_no_page_offers_every_number_or_account_in_a_box(many: Number, admin_client: Client, name: str) -> None:
    pk = many.pk if name == "number" else many.records.get().pk
    for text in (
        page(admin_client, f"{name}_add"),
        page(admin_client, f"{name}_change", pk),
        page(admin_client, f"{name}_changelist"),
    ):
        assert text.count("<option") < 50
        assert len(text) < 100_000


def test_a_page_of_numbers_costs_the_same_with_many(
    many: Number, admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        page(admin_client, "number_changelist")
    with django_assert_max_num_queries(8):
        page(admin_client, "number_changelist", q="0001")


@pytest.mark.parametrize(
    ("model", "field", "term", "found"),
    [("number", "account", "account 29", "account 299"), ("record", "number", "604-0002", "+1 604 0002999")],
)
def test_accounts_and_numbers_are_offered_as_one_types(
    many: Number, admin_client: Client, model: str, field: str, term: str, found: str
) -> None:
    query = {"app_label": "registry", "model_name": model, "field_name": field, "term": term, "page": "1"}
    offered = []
    while query["page"]:
        answer = admin_client.get(reverse("admin:autocomplete"), query).json()
        offered += [result["text"] for result in answer["results"]]
        assert len(answer["results"]) <= 20
        query["page"] = str(int(query["page"]) + 1) if answer["pagination"]["more"] and found not in offered else ""
    assert found in offered


# --- records ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("term", "found", "not_found"),
    [
        ("604 555", "alice@example.org", "bob@example.org"),
        ("bob@", "bob@example.org", "alice@example.org"),
        ("", "bob@example.org", "nobody"),
    ],
)
def test_records_are_found_by_number_or_contents(
    record: Record, bobs_record: Record, admin_client: Client, term: str, found: str, not_found: str
) -> None:
    text = page(admin_client, "record_changelist", q=term)
    assert found in text
    assert not_found not in text


def test_a_record_stays_with_its_number(record: Record, bobs_record: Record, admin_client: Client) -> None:
    values = {"number": bobs_record.number_id, "preference": "1", "service": "SIP", "hostdata": "new"}
    admin_client.post(reverse(ADMIN + "record_change", args=[record.pk]), values)
    changed = Record.objects.get(pk=record.pk)
    assert (changed.number_id, changed.hostdata) == (record.number_id, "new")


def test_records_lead_to_their_number_and_numbers_to_their_account(record: Record, admin_client: Client) -> None:
    assert reverse(ADMIN + "number_change", args=[record.number_id]) in page(admin_client, "record_changelist")
    account = reverse(ADMIN + "account_change", args=[record.number.account_id])
    assert account in page(admin_client, "number_changelist")


@pytest.mark.parametrize("name", ["account", "number", "record"])
def test_no_page_holds_a_script_or_a_style_of_its_own(record: Record, admin_client: Client, name: str) -> None:
    pk = {"account": record.number.account_id, "number": record.number_id, "record": record.pk}[name]
    for text in (
        page(admin_client, f"{name}_add"),
        page(admin_client, f"{name}_change", pk),
        page(admin_client, f"{name}_changelist"),
    ):
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>\s*\S", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


NEVER_PUBLISHED: list[tuple[dict[str, object], str]] = [
    ({"service": "TEL", "hostdata": "+1 604 555 0123"}, "go round in a circle"),
    ({"service": "SIP", "hostdata": "a b@example.org"}, "holds a blank"),
    ({"service": "SIP", "hostdata": "x" * 300 + "@example.org"}, "octets in the DNS"),
    ({"service": "SIP", "hostdata": "{number}@gw.example.org"}, "write its digits"),
]


@pytest.mark.parametrize(("wrong", "reason"), NEVER_PUBLISHED)
def test_a_record_that_would_never_be_published_is_refused_at_its_host_data(
    record: Record, admin_client: Client, wrong: dict[str, object], reason: str
) -> None:
    number = record.number
    values: dict[str, object] = {"preference": "20", **wrong}
    forms: list[tuple[str, dict[str, object]]] = [
        (reverse(ADMIN + "record_change", args=[record.pk]), values),
        (reverse(ADMIN + "record_add"), {**values, "number": str(number.pk)}),
        (reverse(ADMIN + "number_change", args=[number.pk]), number_form(number.account, values)),
    ]
    for address, form in forms:
        answer = admin_client.post(address, form)
        assert answer.status_code == 200
        assert reason in answer.content.decode()
    new = number_form(number.account, values, country="44", area="20", local="79460958")
    if reason != "go round in a circle":
        assert reason in admin_client.post(reverse(ADMIN + "number_add"), new).content.decode()
    assert list(Record.objects.values_list("hostdata", flat=True)) == ["alice@example.org"]


def test_a_new_number_cannot_lead_to_itself(alice: Account, admin_client: Client) -> None:
    loop: dict[str, object] = {"preference": "10", "service": "TEL", "hostdata": "+44 20 7946 0958"}
    form = number_form(alice, loop, country="44", area="20", local="7946 0958")
    assert "go round in a circle" in admin_client.post(reverse(ADMIN + "number_add"), form).content.decode()
    assert not Number.objects.exists()


def test_what_was_saved_before_may_keep_its_host_data(record: Record, admin_client: Client) -> None:
    Record.objects.update(hostdata="a b@example.org")
    values = {"preference": "7", "service": "SIP", "hostdata": "a b@example.org"}
    assert admin_client.post(reverse(ADMIN + "record_change", args=[record.pk]), values).status_code == 302
    assert Record.objects.get().preference == 7


def test_a_block_that_becomes_one_number_is_told_what_is_published_no_more(
    record: Record, admin_client: Client
) -> None:
    number = record.number
    number.is_block = True
    store.save_number(number)
    store.update_record(record, {"hostdata": "{number}@gw.example.org"})
    row = {"id": record.pk, "number": number.pk, "preference": "10", "service": "SIP"}
    form = number_form(number.account, row | {"hostdata": "{number}@gw.example.org"})
    answer = admin_client.post(reverse(ADMIN + "number_change", args=[number.pk]), form, follow=True)
    assert "The DNS gets nothing of the record" in answer.content.decode()
