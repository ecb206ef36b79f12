"""Adding a record."""

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Outcome
from dashboard.protocol import RecordState
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, elements_of, errors_of, form_to, notices_of, text_of


def test_adds_a_record_and_says_so(alice: Browser, far: Far) -> None:
    answer = far.new_form(alice).submit(alice, **typed())

    assert answer["Location"] == far.address
    assert notices_of(alice.get(far.address)) == ["The record was added."]
    assert far.hostdata()[-1] == "new@example.org"
    change = Change.objects.get()
    assert (change.command, change.outcome, change.record_id) == ("new", Outcome.APPLIED, far.records[-1])
    added = RecordState(id=far.records[-1], preference=50, service="SIP", hostdata="new@example.org")
    assert (change.come, change.after) == ([added], [*change.before, added])


def test_finds_the_id_itself_where_the_registry_does_not_say_it(alice: Browser, far: Far) -> None:
    far.registry.store.returns_new_id = False
    far.new_form(alice).submit(alice, **typed())

    assert Change.objects.get().record_id == far.records[-1]


def test_says_so_where_the_id_cannot_be_found_out(alice: Browser, far: Far) -> None:
    far.registry.store.returns_new_id = False
    form = far.new_form(alice)
    far.registry.fault("show", "bad", skip=1)
    answer = form.submit(alice, **typed())

    assert answer.status_code == 302
    change = Change.objects.get()
    assert (change.outcome, change.record_id) == (Outcome.APPLIED, None)
    assert change.words == "The registry did not say which id the record got."


def test_offers_a_preference_that_puts_it_last_and_the_services_of_the_registry(alice: Browser, far: Far) -> None:
    page = alice.get(f"{far.address}add/")

    form = form_to(page, f"{far.address}add/")
    assert (page.status_code, form.fields["preference"]) == (200, "30")
    new = [given["value"] for given in elements_of(page, "option")][-3:]
    assert new == ["SIP", "IAX2", "MAILTO"]


def test_shows_the_preview_of_what_was_typed_without_a_script(alice: Browser, far: Far) -> None:
    page = far.new_form(alice).submit(alice, **typed(), preview="1")

    assert page.status_code == 200
    assert "sip:new@example.org" in text_of(page)
    assert form_to(page, f"{far.address}add/").fields["hostdata"] == "new@example.org"
    assert far.writes() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hostdata", ""),
        ("hostdata", "a\x00b"),
        ("hostdata", "a\x07b@example.org"),
        ("hostdata", "a\r\nb@example.org"),
        ("hostdata", "x" * 9_990 + "@e.org"),
        ("hostdata", "x" * 10_001),
        ("hostdata", "a b@example.org"),
        ("hostdata", "http://example.org/"),
        ("preference", ""),
        ("preference", "-1"),
        ("preference", "65536"),
        ("preference", "1.5"),
        ("preference", "ten"),
        ("preference", "9" * 5_000),
        ("preference", "1e3"),
        ("service", ""),
        ("service", "<script>"),
        ("service", "SIP\x00"),
    ],
)
def test_shows_the_form_again_with_an_error_at_the_field(alice: Browser, far: Far, name: str, value: str) -> None:
    page = far.new_form(alice).submit(alice, **typed(**{name: value}))

    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    faulty = [
        given["name"] for given in elements_of(page, "input") + elements_of(page, "select") if "aria-invalid" in given
    ]
    assert faulty == [name]
    assert far.writes() == []
    assert "<script>" not in page.content.decode().partition("<body")[2].replace("<script src", "")


@pytest.mark.parametrize(
    ("hostdata", "uri"),
    [
        ("o'brien@example.org", "sip:o%27brien@example.org"),
        ("a!b@example.org", "sip:a%21b@example.org"),
        ("sip:+16045550100@example.org;user=phone", "sip:+16045550100@example.org;user=phone"),
        ("  spaced@example.org  ", "sip:spaced@example.org"),
    ],
)
def test_writes_what_is_unusual_but_legal(alice: Browser, far: Far, hostdata: str, uri: str) -> None:
    answer = far.new_form(alice).submit(alice, **typed(hostdata))

    assert answer.status_code == 302
    assert far.hostdata()[-1] == hostdata.strip()
    assert uri in text_of(alice.get(far.address))


def test_does_not_offer_the_same_record_twice(alice: Browser, far: Far) -> None:
    page = far.new_form(alice).submit(alice, **typed("5550100.0@sip.example.org", preference="10"))

    assert page.status_code == 422
    assert errors_of(page) == ["The number has this record already."]


def test_needs_no_fingerprint_because_there_was_nothing_to_see(alice: Browser, far: Far) -> None:
    assert alice.post(f"{far.address}add/", typed()).status_code == 302


def test_two_posts_without_a_token_are_two_records(alice: Browser, far: Far) -> None:
    alice.post(f"{far.address}add/", typed("one@example.org"))
    alice.post(f"{far.address}add/", typed("two@example.org", preference="60"))

    assert far.hostdata()[-2:] == ["one@example.org", "two@example.org"]


@pytest.mark.parametrize("token", ["abc", "0", "<script>", "x" * 10_000])
def test_says_that_the_form_is_broken_where_its_token_is(alice: Browser, far: Far, token: str) -> None:
    page = alice.post(f"{far.address}add/", typed(submission=token))

    assert page.status_code == 422
    assert len(notices_of(page) + errors_of(page)) == 1
    assert form_to(page, f"{far.address}add/").submit(alice).status_code == 302


def test_is_nowhere_for_a_stranger(mallory: Browser, far: Far) -> None:
    assert mallory.get(f"{far.address}add/").status_code == 404
    assert mallory.post(f"{far.address}add/", typed()).status_code == 404
    assert far.registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, far: Far) -> None:
    assert asks_to_sign_in(anonymous.post(f"{far.address}add/", typed()), f"{far.address}add/")
    assert far.registry.requests == 0


def test_knows_no_other_numbers(alice: Browser, far: Far) -> None:
    base = f"/credentials/{far.credential.pk}/numbers"

    assert alice.post(f"{base}/{far.records[0]}/add/", typed()).status_code == 404
    assert alice.post(f"{base}/abc/add/", typed()).status_code == 404
    assert far.writes() == []


def test_takes_only_get_and_post(alice: Browser, far: Far) -> None:
    assert alice.put(f"{far.address}add/").status_code == 405


def test_refuses_a_forged_post(careful: Browser, far: Far) -> None:
    assert careful.post(f"{far.address}add/", typed()).status_code == 403
    assert far.registry.requests == 0
    assert far.new_form(careful).submit(careful, **typed()).status_code == 302
