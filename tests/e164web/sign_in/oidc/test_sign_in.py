"""People sign in through a real provider, from the button to the first page."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.test import Client as Browser

from dashboard.models import User
from tests.e164web.sign_in.oidc.conftest import SECRET, Configure, RealProvider, Visitor
from tests.fixtures_people import PASSWORD


def test_the_sign_in_page_has_a_button_for_each_provider(configure: Configure, visitor: Visitor) -> None:
    configure(staff="https://a.example", guests="https://b.example", more={"OIDC_GUESTS_LABEL": "Guests & friends"})
    page = visitor.get("/accounts/login/?next=/history/").content.decode()

    assert "Sign in with Staff" in page
    assert "Sign in with Guests &amp; friends" in page
    form = re.search(r'<form method="post" action="/accounts/oidc/staff/login/">(.*?)</form>', page, flags=re.DOTALL)
    assert form
    assert 'name="next" value="/history/"' in form[1]
    assert SECRET not in page


def test_a_first_sign_in_makes_an_account(real: RealProvider, visitor: Visitor) -> None:
    real.has("first", preferred_username="ines", email="ines@example.org", email_verified=True, given_name="Inés")
    page = visitor.sign_in(real, "first")

    assert page.status_code == 200
    assert visitor.name == "ines"
    person = User.objects.get(username="ines")
    assert person.first_name == "Inés"
    assert not person.has_usable_password()
    assert not person.is_staff
    assert not person.is_superuser
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified) == ("ines@example.org", True)


def test_the_second_sign_in_leads_to_the_same_account(real: RealProvider, visitor: Visitor) -> None:
    real.has("twice", preferred_username="tom")
    visitor.sign_in(real, "twice")
    real.has("twice", preferred_username="thomas", email="new@example.org")
    again = Visitor()
    again.sign_in(real, "twice")

    assert again.name == "tom"
    assert User.objects.count() == 1


def test_one_is_led_to_where_one_wanted_to_go(real: RealProvider, visitor: Visitor) -> None:
    real.has("next", preferred_username="nia")
    page = visitor.sign_in(real, "next", next="/registries/")
    assert page.request["PATH_INFO"] == "/registries/"


def test_one_is_led_to_no_other_site(real: RealProvider, visitor: Visitor) -> None:
    real.has("next", preferred_username="nia")
    page = visitor.sign_in(real, "next", next="https://evil.example/")
    assert [to for to, _status in page.redirect_chain] == ["/", "/credentials/"]


def test_what_goes_to_the_provider_has_a_challenge_and_a_nonce_and_nothing_of_the_query(
    real: RealProvider, visitor: Visitor
) -> None:
    page = visitor.post("/accounts/oidc/real/login/?scope=admin&auth_params=prompt%3Dnone&process=redirect", {})
    address = page.context["address"]

    assert re.search(r"[?&]code_challenge=[\w-]{40,}(&|$)", address)
    assert "code_challenge_method=S256" in address
    assert re.search(r"[?&]nonce=\w{32}(&|$)", address)
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Faccounts%2Foidc%2Freal%2Flogin%2Fcallback%2F&" in address
    assert "admin" not in address
    assert "prompt" not in address
    assert SECRET not in page.content.decode()


def test_a_form_of_another_page_begins_nothing(real: RealProvider, db: None) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post("/accounts/oidc/real/login/").status_code == 403


def test_a_link_begins_nothing(real: RealProvider, visitor: Visitor) -> None:
    assert visitor.get("/accounts/oidc/real/login/").status_code == 405


@pytest.mark.parametrize("path", ["login/", "login/callback/"])
def test_a_provider_that_is_in_no_setting_is_not_found(real: RealProvider, visitor: Visitor, path: str) -> None:
    address = f"/accounts/oidc/other/{path}"
    assert {visitor.post(address).status_code, visitor.get(address).status_code} == {404, 405}


@pytest.mark.parametrize("path", ["", "signup/", "login/cancelled/", "login/error/", "3rdparty/", "social/signup/"])
def test_nothing_else_of_allauths_addresses_is_there(real: RealProvider, visitor: Visitor, path: str) -> None:
    assert visitor.get(f"/accounts/oidc/{path}").status_code == 404


def test_no_secret_and_no_token_is_stored(real: RealProvider, visitor: Visitor) -> None:
    real.has("kept", preferred_username="kim", email="kim@example.org", groups=["a"] * 100)
    visitor.sign_in(real, "kept")

    assert not SocialApp.objects.exists()
    assert not SocialToken.objects.exists()
    assert SocialAccount.objects.get().extra_data == {
        "username": "kim", "name": "", "issuer": real.url, "subject": "kept"
    }  # fmt: skip
    assert "token" not in str(dict(visitor.session.items()))


def test_cancelling_is_said_and_can_be_tried_again(real: RealProvider, visitor: Visitor) -> None:
    page = visitor.come_back(real.cancel(visitor.leave_for("real")))

    assert page.status_code == 200
    assert "Signing in with Real was cancelled." in page.content.decode()
    assert 'action="/accounts/oidc/real/login/"' in page.content.decode()
    assert visitor.name is None


def test_an_answer_to_another_browser_is_refused(real: RealProvider, visitor: Visitor) -> None:
    real.has("stolen", preferred_username="stella")
    address = real.lets_in(visitor.leave_for("real"), "stolen")
    other = Visitor()
    other.leave_for("real")
    page = other.come_back(address)

    assert page.status_code == 400
    assert "begun in another browser" in page.content.decode()
    assert other.name is None


def test_an_answer_works_once(real: RealProvider, visitor: Visitor) -> None:
    real.has("once", preferred_username="olaf")
    address = real.lets_in(visitor.leave_for("real"), "once")
    visitor.come_back(address)
    visitor.logout()
    assert visitor.come_back(address).status_code == 400
    assert visitor.name is None


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@example.org"])
@pytest.mark.parametrize("is_verified", [True, False])
@pytest.mark.parametrize("where", ["user", "address"])
def test_an_account_is_never_reached_by_its_e_mail_address(
    real: RealProvider, visitor: Visitor, person: User, email: str, is_verified: bool, where: str
) -> None:
    if where == "user":
        User.objects.filter(pk=person.pk).update(email="alice@example.org")
    else:
        EmailAddress.objects.create(user=person, email="alice@example.org", verified=True, primary=True)
    real.has("fake", preferred_username="eve", email=email, email_verified=is_verified)
    page = visitor.sign_in(real, "fake")

    assert page.status_code == 403
    assert "There is an account with your e-mail address" in page.content.decode()
    assert visitor.name is None
    assert list(User.objects.all()) == [person]
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "claims", [{}, {"email": "u@example.org"}, {"email": "u@example.org", "email_verified": "no"}]
)
def test_an_address_that_is_missing_or_not_verified_is_not_kept(
    real: RealProvider, visitor: Visitor, claims: dict[str, object]
) -> None:
    real.has("unverified", preferred_username="uma", **claims)
    visitor.sign_in(real, "unverified")

    assert visitor.name == "uma"
    assert not EmailAddress.objects.exists()
    assert User.objects.get().email == ""


def test_a_name_that_somebody_has_is_made_another_one(real: RealProvider, visitor: Visitor, person: User) -> None:
    real.has("namesake", preferred_username="Alice")
    visitor.sign_in(real, "namesake")

    assert visitor.name == "Alice-2"
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_a_disabled_account_stays_out(real: RealProvider, visitor: Visitor) -> None:
    real.has("out", preferred_username="otto")
    visitor.sign_in(real, "out")
    User.objects.update(is_active=False)
    other = Visitor()
    page = other.sign_in(real, "out")

    assert "This user is disabled" in page.content.decode()
    assert other.name is None


def test_only_named_groups_are_let_in(configure: Configure, real: RealProvider, visitor: Visitor) -> None:
    configure(more={"OIDC_REAL_ADMITTED": "telephones; staff"})
    real.has("guest", preferred_username="gus", groups=["guests"])
    page = visitor.sign_in(real, "guest")
    assert page.status_code == 403
    assert "in no group that is let in here" in page.content.decode()
    assert not User.objects.exists()

    real.has("guest", preferred_username="gus", groups=["guests", "staff"])
    visitor.sign_in(real, "guest")
    assert visitor.name == "gus"


def test_a_signed_in_person_connects_and_disconnects_a_provider(
    real: RealProvider, visitor: Visitor, person: User
) -> None:
    real.has("alice-there", preferred_username="whoever", email="alice@example.org")
    User.objects.filter(pk=person.pk).update(email="alice@example.org")
    visitor.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    page = visitor.sign_in(real, "alice-there", process="connect")
    page = _confirm(visitor, page)
    assert "Connected: you can sign in this way from now on." in page.content.decode()
    assert "whoever" in page.content.decode()

    other = Visitor()
    other.sign_in(real, "alice-there")
    assert other.name == "alice"

    page = visitor.post("/accounts/connections/", {"account": SocialAccount.objects.get().pk}, follow=True)
    page = _confirm(visitor, page)
    assert not SocialAccount.objects.exists()


def test_one_person_cannot_take_what_another_is_connected_with(
    real: RealProvider, visitor: Visitor, person: User
) -> None:
    real.has("bob-there", preferred_username="bob")
    Visitor().sign_in(real, "bob-there")
    visitor.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    page = _confirm(visitor, visitor.sign_in(real, "bob-there", process="connect"))

    assert "that account leads to another user here" in page.content.decode()
    assert SocialAccount.objects.get().user.username == "bob"


def test_the_only_way_in_cannot_be_disconnected(real: RealProvider, visitor: Visitor) -> None:
    real.has("only", preferred_username="oda")
    visitor.sign_in(real, "only")
    page = visitor.post("/accounts/connections/", {"account": SocialAccount.objects.get().pk})

    assert page.status_code == 422
    assert "This is your only way to sign in" in page.content.decode()
    assert SocialAccount.objects.exists()


def test_a_provider_of_old_is_no_other_way_in(real: RealProvider, visitor: Visitor) -> None:
    real.has("only", preferred_username="oda")
    visitor.sign_in(real, "only")
    account = SocialAccount.objects.get()
    SocialAccount.objects.create(user=account.user, provider="gone", uid="1", extra_data={"username": "a"})
    page = visitor.post("/accounts/connections/", {"account": account.pk})

    assert page.status_code == 422
    assert "This is your only way to sign in" in page.content.decode()


@pytest.mark.parametrize("is_primary", [False, True])
def test_an_address_that_another_person_only_typed_is_free(
    real: RealProvider, visitor: Visitor, person: User, is_primary: bool
) -> None:
    EmailAddress.objects.create(user=person, email="eve@example.org", verified=False, primary=is_primary)
    if is_primary:  # as after signing up
        User.objects.filter(pk=person.pk).update(email="eve@example.org")
    real.has("true", preferred_username="eve", email="eve@example.org", email_verified=True)
    visitor.sign_in(real, "true")

    assert visitor.name == "eve"


def test_nobody_disconnects_somebody_elses_account(real: RealProvider, visitor: Visitor, person: User) -> None:
    real.has("victim", preferred_username="vera")
    Visitor().sign_in(real, "victim")
    visitor.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    page = visitor.post("/accounts/connections/", {"account": SocialAccount.objects.get().pk})

    assert page.status_code == 422
    assert SocialAccount.objects.exists()


def test_who_is_connected_with_a_provider_of_old_can_let_go_of_it(
    configure: Configure, real: RealProvider, visitor: Visitor, person: User
) -> None:
    SocialAccount.objects.create(user=person, provider="gone", uid="1", extra_data={"username": "a"})
    visitor.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert "(no longer offered)" in visitor.get("/accounts/connections/").content.decode()
    _confirm(
        visitor, visitor.post("/accounts/connections/", {"account": SocialAccount.objects.get().pk}, follow=True)
    )
    assert not SocialAccount.objects.exists()


def test_another_issuer_at_the_same_name_is_another_person(
    configure: Configure, real: RealProvider, visitor: Visitor
) -> None:
    real.has("same", preferred_username="sam")
    visitor.sign_in(real, "same")
    elsewhere = RealProvider(real.url.replace("127.0.0.1", "localhost"))
    configure(more={"OIDC_REAL_URL": elsewhere.url})
    other = Visitor()
    other.sign_in(elsewhere, "same")

    assert other.name == "sam-2"


def test_who_has_no_password_may_set_one(real: RealProvider, visitor: Visitor) -> None:
    real.has("none", preferred_username="nell")
    visitor.sign_in(real, "none")
    page = visitor.get("/accounts/password/change/", follow=True)
    assert "Set a password" in page.content.decode()


def _confirm(visitor: Visitor, page: Any) -> Any:
    """Give the password again where it is asked for."""
    if "/accounts/reauthenticate/" in page.request["PATH_INFO"]:
        return visitor.post(
            page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"password": PASSWORD}, follow=True
        )
    return page
