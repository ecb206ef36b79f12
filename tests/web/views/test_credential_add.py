"""The page that adds a credential: it is tried first, and saved if it works."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Exchange, Registry, User
from dashboard.registry.models import Account
from dashboard.services import credentials as services
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import REGISTRY_PASSWORD
from tests.web.views.pages import asks_to_sign_in, elements_of, errors_of, form_to, notices_of, text_of

ADDRESS = "/credentials/add/"


@pytest.fixture
def typed(embedded: Registry, account: Account) -> dict[str, str]:
    """What Alice types for her account at the embedded registry."""
    return {
        "registry": str(embedded.pk),
        "username": account.username,
        "password": REGISTRY_PASSWORD,
        "label": "Office numbers",
    }


def test_saves_a_credential_and_says_that_it_works(alice: Browser, person: User, typed: dict[str, str]) -> None:
    answer = form_to(alice.get(ADDRESS), "").submit(alice, ADDRESS, **typed)

    credential = Credential.objects.get()
    assert answer["Location"] == f"/credentials/{credential.pk}/"
    assert (credential.user, credential.label, credential.works) == (person, "Office numbers", True)
    assert notices_of(alice.get(answer["Location"])) == ["“Office numbers” is saved, and it works."]


def test_saves_nothing_where_the_password_is_wrong_and_keeps_what_was_typed(
    alice: Browser, typed: dict[str, str]
) -> None:
    page = alice.post(ADDRESS, typed | {"password": "mistyped"})

    assert page.status_code == 422
    assert not Credential.objects.exists()
    assert notices_of(page)[0].startswith("Nothing was saved. “ping” failed: ")
    form = form_to(page, "")
    assert {name: form.fields[name] for name in typed} == typed | {"password": ""}
    assert "mistyped" not in page.content.decode()


def test_a_wrong_password_can_be_put_right_at_once(alice: Browser, typed: dict[str, str]) -> None:
    page = alice.post(ADDRESS, typed | {"password": "mistyped"})
    answer = form_to(page, "").submit(alice, ADDRESS, password=REGISTRY_PASSWORD)

    assert answer.status_code == 302
    assert Credential.objects.get().works


def test_keeps_what_does_not_work_on_a_second_look(alice: Browser, typed: dict[str, str]) -> None:
    page = alice.post(ADDRESS, typed | {"password": "mistyped"})
    form = form_to(page, "")
    answer = form.submit(alice, ADDRESS, password="mistyped", keep="1")

    # Enter presses the first button, which never keeps.
    assert [name for name, _, _ in form.buttons] == ["", "keep"]
    credential = Credential.objects.get()
    assert not credential.works
    assert notices_of(alice.get(answer["Location"]))[0].startswith("It is saved, but “ping” failed:")
    assert "fails" in text_of(alice.get("/credentials/"))


def test_offers_to_keep_only_what_was_tried(alice: Browser, typed: dict[str, str]) -> None:
    buttons = [form_to(page, "").buttons for page in (alice.get(ADDRESS), alice.post(ADDRESS, typed | {"label": ""}))]

    assert all(name != "keep" for some in buttons for name, _, _ in some)


def test_a_second_look_needs_the_password_again(alice: Browser, typed: dict[str, str]) -> None:
    page = form_to(alice.post(ADDRESS, typed | {"password": "mistyped"}), "").submit(alice, ADDRESS, keep="1")

    assert page.status_code == 422
    assert errors_of(page) == ["This field is required."]
    assert not Credential.objects.exists()


def test_a_second_look_at_what_works_by_now_says_so(alice: Browser, typed: dict[str, str]) -> None:
    answer = alice.post(ADDRESS, typed | {"keep": "1"})

    assert notices_of(alice.get(answer["Location"])) == ["“Office numbers” is saved, and it works."]


def test_asks_with_ping_and_list_and_nothing_else(alice: Browser, person: User, registry: FaultyRegistry) -> None:
    elsewhere = Registry.objects.create(name="Elsewhere", url=registry.url, ca_bundle=registry.ca_path)
    alice.post(
        ADDRESS,
        {
            "registry": elsewhere.pk,
            "username": registry.username,
            "password": registry.password,
            "label": "Remote",
        },
    )

    assert [received.command for received in registry.log] == ["ping", "list"]
    assert Credential.objects.get().works


def test_a_registry_that_cannot_be_reached_is_a_second_look_too(
    alice: Browser, typed: dict[str, str], set_deadline: Callable[[float], None]
) -> None:
    set_deadline(1)
    nowhere = Registry.objects.create(name="Nowhere", url="https://127.0.0.1:9/api")
    page = alice.post(ADDRESS, typed | {"registry": str(nowhere.pk)})
    refused = Credential.objects.exists()
    answer = form_to(page, "").submit(alice, ADDRESS, password=REGISTRY_PASSWORD, keep="1")

    problem = "“ping” failed: 127.0.0.1 does not take connections, so nothing was sent."
    assert not refused
    assert notices_of(page)[0].startswith(f"Nothing was saved. {problem}")
    assert not Credential.objects.get().works
    assert notices_of(alice.get(answer["Location"]))[0] == f"It is saved, but {problem}"


def test_what_was_said_while_trying_is_in_the_wire_view(alice: Browser, person: User, typed: dict[str, str]) -> None:
    alice.post(ADDRESS, typed | {"password": "mistyped"})
    forgotten = Exchange.objects.count()
    alice.post(ADDRESS, typed)

    assert forgotten == 0
    credential = Credential.objects.get()
    assert [(each.user, each.credential, each.command) for each in Exchange.objects.order_by("pk")] == [
        (person, credential, "ping"),
        (person, credential, "list"),
    ]


def test_puts_a_label_that_is_taken_at_its_field(
    alice: Browser, credential: Credential, typed: dict[str, str]
) -> None:
    page = alice.post(ADDRESS, typed | {"username": "another", "label": credential.label})

    assert page.status_code == 422
    assert errors_of(page) == ["You already have a credential with this label."]
    assert Credential.objects.count() == 1


def test_puts_a_login_that_is_taken_at_its_field(
    alice: Browser, credential: Credential, typed: dict[str, str]
) -> None:
    page = alice.post(ADDRESS, typed)

    assert page.status_code == 422
    assert errors_of(page) == ["You already have a credential for this user name at this registry."]
    assert Credential.objects.count() == 1


def test_lets_two_people_use_the_same_label_and_login(
    mallory: Browser, credential: Credential, typed: dict[str, str]
) -> None:
    assert mallory.post(ADDRESS, typed | {"label": credential.label}).status_code == 302
    assert Credential.objects.count() == 2


def test_answers_a_credential_that_appeared_a_moment_ago_like_any_other_error(
    person: User, credential: Credential
) -> None:
    with pytest.raises(services.AlreadyThere):
        services.add_credential(
            person, credential.registry, username=credential.username, password="any", label="Another"
        )


@pytest.mark.parametrize("registry_id", ["", "0", "-1", "abc", "9" * 30, "1 OR 1=1"])
def test_takes_no_registry_that_is_not_offered(alice: Browser, typed: dict[str, str], registry_id: str) -> None:
    page = alice.post(ADDRESS, typed | {"registry": registry_id})

    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert not Credential.objects.exists()


def test_does_not_offer_or_take_a_disabled_registry(
    alice: Browser, embedded: Registry, typed: dict[str, str]
) -> None:
    Registry.objects.filter(pk=embedded.pk).update(is_enabled=False)

    assert embedded.name not in text_of(alice.get(ADDRESS))
    assert alice.post(ADDRESS, typed).status_code == 422
    assert not Credential.objects.exists()


@pytest.mark.parametrize("name", ["registry", "username", "password", "label"])
def test_wants_every_field(alice: Browser, typed: dict[str, str], name: str) -> None:
    page = alice.post(ADDRESS, typed | {name: ""})

    assert page.status_code == 422
    assert len(errors_of(page)) == 1


def test_an_empty_post_names_every_field(alice: Browser, embedded: Registry) -> None:
    page = alice.post(ADDRESS)

    assert page.status_code == 422
    assert len(errors_of(page)) == 4


@pytest.mark.parametrize("name", ["username", "label"])
@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "a\r\nb", "\x1b[31m", "x" * 10_000])
def test_takes_neither_control_characters_nor_ten_thousand(
    alice: Browser, typed: dict[str, str], name: str, text: str
) -> None:
    page = alice.post(ADDRESS, typed | {name: text})

    assert page.status_code == 422
    assert not Credential.objects.exists()


def test_keeps_what_was_typed_but_never_the_password(alice: Browser, typed: dict[str, str]) -> None:
    page = alice.post(ADDRESS, typed | {"label": "x" * 101, "username": '"><script>alert(1)</script>'})

    form = form_to(page, "")
    assert form.fields["label"] == "x" * 101
    assert form.fields["username"] == '"><script>alert(1)</script>'
    assert form.fields["registry"] == typed["registry"]
    assert form.fields["password"] == ""
    assert REGISTRY_PASSWORD not in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_ties_errors_to_their_fields(alice: Browser, typed: dict[str, str]) -> None:
    page = alice.post(ADDRESS, typed | {"label": ""})

    label = next(given for given in elements_of(page, "input") if given.get("name") == "label")
    ids = {given.get("id") for given in elements_of(page, "div")}
    assert label["aria-invalid"] == "true"
    assert set(label["aria-describedby"].split()) <= ids


@pytest.mark.parametrize("label", ["Büro – 1", "☎ home", "<b>bold</b>", "a'b\"c\\d", "!important"])
def test_shows_any_label_as_it_was_typed(alice: Browser, typed: dict[str, str], label: str) -> None:
    answer = alice.post(ADDRESS, typed | {"label": label})

    assert label in text_of(alice.get(answer["Location"]))
    assert "<b>bold" not in alice.get(answer["Location"]).content.decode()


def test_takes_a_password_with_blanks_around_it_as_it_is(
    alice: Browser, account: Account, typed: dict[str, str]
) -> None:
    account.set_password("  blank  ")
    account.save()
    alice.post(ADDRESS, typed | {"password": "  blank  "})

    assert Credential.objects.get().works


def test_refuses_a_forged_post(careful: Browser, typed: dict[str, str]) -> None:
    page = careful.post(ADDRESS, typed)

    assert page.status_code == 403
    assert not Credential.objects.exists()
    assert form_to(careful.get(ADDRESS), "").submit(careful, ADDRESS, **typed).status_code == 302


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    assert asks_to_sign_in(anonymous.get(ADDRESS), ADDRESS)
    assert asks_to_sign_in(anonymous.post(ADDRESS), ADDRESS)


def test_takes_only_get_and_post(alice: Browser) -> None:
    assert alice.put(ADDRESS).status_code == 405
    assert alice.delete(ADDRESS).status_code == 405
