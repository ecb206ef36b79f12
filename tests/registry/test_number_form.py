"""The admin's form of a number: any writing is read, and a trunk prefix is looked at twice."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from dashboard.registry.models import Account, Number, Zone
from tests.registry.test_admin import ADMIN, number_form

TRUNK = {"country": "44", "area": "020", "local": "7946 0958"}
WHOLE = {"country": "", "area": ""}


def add(client: Client, account: Account, **values: object) -> str:
    """The page that says what is wrong; empty once the number is there."""
    response = client.post(reverse(ADMIN + "number_add"), number_form(account, **values))
    return response.content.decode() if response.status_code == 200 else ""


def digits() -> list[str]:
    return list(Number.objects.values_list("digits", flat=True))


@pytest.mark.parametrize(
    "written",
    [
        "+44 (0)20 7946 0958",
        "\u202a+44 20 7946 0958\u202c",
        "0044 20 7946 0958",
        "tel:+44-20-7946-0958",
        "\uff0b\uff14\uff14\u3000\uff12\uff10\u30fc\uff17\uff19\uff14\uff16\uff0d\uff10\uff19\uff15\uff18",
        "+\u0664\u0664 \u0662\u0660 7946\u2009\u2212\u20090958",
        "(+44) [20] 7946/0958",
        "+44\u00ad20\u200b7946\ufeff0958" + "\u200e" * 30,
    ],
)
def test_a_whole_number_is_read_from_the_last_field(admin_client: Client, alice: Account, written: str) -> None:
    assert add(admin_client, alice, local=written, **WHOLE) == ""
    number = Number.objects.get()
    assert (number.country, number.area, number.local) == ("44", "20", "79460958")


def test_a_national_number_is_read_where_a_country_is_set(
    admin_client: Client, alice: Account, settings: LazySettings
) -> None:
    assert "Only the area code may be left out." in add(admin_client, alice, local="79460958", **WHOLE)
    assert "begins with 0" not in add(admin_client, alice, local="020 7946 0958", **WHOLE)
    assert digits() == []
    settings.E164WEB = replace(settings.E164WEB, country="GB")
    assert add(admin_client, alice, local="020 7946 0958", **WHOLE) == ""
    assert digits() == ["442079460958"]


def test_a_trunk_prefix_is_asked_about_once_with_the_number_that_was_meant(
    admin_client: Client, alice: Account
) -> None:
    page = add(admin_client, alice, **TRUNK)
    assert "+44 020 79460958 is not in use as it is" in page
    assert "Write +44 20 79460958, or tick" in page
    assert 'type="checkbox" name="as_it_is" value="4402079460958"' in page
    assert 'value="7946 0958"' in page
    assert digits() == []

    assert add(admin_client, alice, as_it_is="4402079460958", **TRUNK) == ""
    assert digits() == ["4402079460958"]


def test_a_tick_for_another_number_does_not_count(admin_client: Client, alice: Account) -> None:
    page = add(admin_client, alice, as_it_is="4402079460959", **TRUNK)
    assert 'name="as_it_is" value="4402079460958"' in page
    assert "4402079460959" not in page
    assert digits() == []


def test_the_question_is_hidden_until_there_is_one(admin_client: Client, alice: Account) -> None:
    page = admin_client.get(reverse(ADMIN + "number_add")).content.decode()
    assert '<input type="hidden" name="as_it_is"' in page


def test_a_number_that_was_kept_is_not_asked_about_again(admin_client: Client, alice: Account) -> None:
    add(admin_client, alice, as_it_is="4402079460958", **TRUNK)
    number = Number.objects.get()
    form = number_form(alice, country="44", area="020", local="79460958", caller_name="Reception")
    assert admin_client.post(reverse(ADMIN + "number_change", args=[number.pk]), form).status_code == 302
    assert Number.objects.get().caller_name == "Reception"


@pytest.mark.parametrize(
    "parts",
    [
        {"country": "39", "area": "06", "local": "69812345"},
        {"country": "378", "area": "0549", "local": "886377"},
        {"country": "39", "area": "06", "local": "698", "is_block": "on"},
        {"country": "7", "area": "800", "local": "5553535"},
        {"country": "7", "area": "8", "local": "00", "is_block": "on"},
    ],
)
def test_a_digit_that_belongs_to_the_number_is_not_asked_about(
    admin_client: Client, alice: Account, parts: dict[str, str]
) -> None:
    assert add(admin_client, alice, **parts) == ""


def test_a_block_with_a_trunk_prefix_is_asked_about(admin_client: Client, alice: Account) -> None:
    page = add(admin_client, alice, country="44", area="020", local="7946", is_block="on")
    assert "Write +44 207946*, or tick" in page


@pytest.mark.parametrize("written", ["+44 20 7946*", "\u202a+44 20 7946 \uff0a\u202c"])
def test_a_block_is_read_as_it_is_written(admin_client: Client, alice: Account, written: str) -> None:
    assert add(admin_client, alice, local=written, **WHOLE) == ""
    number = Number.objects.get()
    assert (number.name, number.is_block) == ("44207946*", True)


def test_whoever_may_only_look_sees_the_number_and_no_question(client: Client, alice: Account) -> None:
    number = Number.objects.create(account=alice, country="44", area="020", local="79460958")
    person = get_user_model().objects.create_user("clerk", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_number", content_type__app_label="registry"))
    client.force_login(person)
    page = client.get(reverse(ADMIN + "number_change", args=[number.pk])).content.decode()
    assert "79460958" in page
    assert "as_it_is" not in page


def test_a_private_tree_is_not_asked_about(admin_client: Client, alice: Account) -> None:
    Zone.objects.filter(pk=Zone.current().pk).update(suffix="tel.dn42")
    assert add(admin_client, alice, **TRUNK) == ""
    assert digits() == ["4402079460958"]


def test_what_cannot_be_read_is_named_at_its_field_and_nothing_typed_is_lost(
    admin_client: Client, alice: Account
) -> None:
    page = add(admin_client, alice, country="1", area="604", local="555 0123 ext 5")
    assert "U+0065 LATIN SMALL LETTER E cannot be part of one" in page
    assert "errors field-local" in page
    assert 'value="555 0123 ext 5"' in page
