"""Second factors: setting one up, signing in with it, losing it, and being asked for it."""

import dataclasses
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db.models.signals import pre_save
from django.test import Client as Browser

from dashboard.models import AuditEvent, Team, User
from tests.fixtures_people import PASSWORD
from tests.second_factors import ACTIVATE, Clock, PasskeyDevice, code_of, secret_on, set_up_app
from tests.web.views.pages import errors_of, form_to, notices_of, text_of

SIGN_IN, SECOND = "/accounts/login/", "/accounts/2fa/authenticate/"
CODES = "/accounts/2fa/recovery-codes/"
LOGIN = {"login": "alice", "password": PASSWORD}
LATER = 60  # seconds after which an app shows another code


@pytest.fixture
def secret(alice: Browser, clock: Clock) -> str:
    """That of Alice's app, whose first code is past."""
    found = set_up_app(alice)
    clock.now += LATER
    return found


def recovery_codes(browser: Browser) -> list[str]:
    downloaded: str = browser.get(f"{CODES}download/").content.decode()
    return downloaded.split()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("clock")
def test_an_app_is_set_up_with_a_code_and_gives_recovery_codes(alice: Browser, person: User) -> None:
    page = alice.get(ACTIVATE)
    assert "data:image/svg+xml;base64," in page.content.decode()
    wrong = alice.post(ACTIVATE, {"code": "000000"})
    assert wrong.status_code == 422
    assert "not the code that is valid now" in errors_of(wrong)[0]
    assert secret_on(wrong) == secret_on(page)

    alice.post(ACTIVATE, {"code": code_of(secret_on(page))})
    answer = alice.get(CODES)
    assert "The authenticator app is set up." in notices_of(answer)
    assert len(recovery_codes(alice)) == 10
    assert "Remove the app" in text_of(alice.get("/accounts/"))


@pytest.mark.usefixtures("clock")
def test_an_app_that_is_set_up_twice_at_one_instant_is_one(alice: Browser, person: User) -> None:
    secret = secret_on(alice.get(ACTIVATE))

    def sooner(instance: Authenticator, **_: Any) -> None:
        pre_save.disconnect(sooner, Authenticator)
        TOTP.activate(person, secret)

    pre_save.connect(sooner, Authenticator)
    assert alice.post(ACTIVATE, {"code": code_of(secret)})["Location"] == "/accounts/"
    assert Authenticator.objects.filter(user=person, type="totp").count() <= 1


def test_what_codes_are_computed_from_is_sealed(alice: Browser, secret: str, person: User) -> None:
    codes = recovery_codes(alice)
    stored = " ".join(str(factor.data) for factor in Authenticator.objects.filter(user=person))

    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_the_password_alone_does_not_sign_in_any_more(anonymous: Browser, secret: str) -> None:
    assert anonymous.post(SIGN_IN, LOGIN)["Location"] == SECOND
    assert anonymous.get("/credentials/").status_code == 302

    assert anonymous.post(SECOND, {"code": "000000"}).status_code == 422
    assert form_to(anonymous.get(SECOND), SECOND).submit(anonymous, code=code_of(secret))["Location"] == "/"
    assert anonymous.get("/credentials/").status_code == 200


def test_a_code_works_once(anonymous: Browser, alice: Browser, clock: Clock) -> None:
    secret = set_up_app(alice)
    anonymous.post(SIGN_IN, LOGIN)
    assert anonymous.post(SECOND, {"code": code_of(secret)}).status_code == 422

    clock.now += LATER
    code = code_of(secret)
    assert anonymous.post(SECOND, {"code": code}).status_code == 302
    other = Browser()
    other.post(SIGN_IN, LOGIN)
    assert other.post(SECOND, {"code": code}).status_code == 422


def test_a_recovery_code_works_once(alice: Browser, secret: str) -> None:
    code = recovery_codes(alice)[0]
    answers = []
    for browser in (Browser(), Browser()):
        browser.post(SIGN_IN, LOGIN)
        answers.append(browser.post(SECOND, {"code": code}).status_code)

    assert answers == [302, 422]
    assert code not in recovery_codes(alice)


def test_new_recovery_codes_take_the_place_of_the_old_after_a_question(alice: Browser, secret: str) -> None:
    old = recovery_codes(alice)
    page = alice.get(f"{CODES}generate/")
    assert "The 10 that are left do not work any more" in text_of(page)
    form_to(page, f"{CODES}generate/").submit(alice)

    assert not set(old) & set(recovery_codes(alice))


def test_codes_cannot_be_tried_without_end(anonymous: Browser, secret: str) -> None:
    anonymous.post(SIGN_IN, LOGIN)
    pages = [anonymous.post(SECOND, {"code": f"{guess:06}"}) for guess in range(15)]
    looked_at = [page for page in pages if "not the code" in errors_of(page)[0]]

    assert len(looked_at) == 10
    assert "Too many" in errors_of(pages[-1])[0]
    # Also the right one is not looked at any more.
    assert anonymous.post(SECOND, {"code": code_of(secret)}).status_code == 422


def test_a_right_code_does_not_take_back_wrong_guesses_at_others(
    anonymous: Browser, secret: str, stranger: User, clock: Clock
) -> None:
    seen = 0
    for _ in range(4):
        for _ in range(5):
            page = anonymous.post(SIGN_IN, {"login": "mallory", "password": "guess"})
            seen += "not correct" in page.content.decode()
        clock.now += LATER
        mine = Browser()
        mine.post(SIGN_IN, LOGIN)
        mine.post(SECOND, {"code": code_of(secret)})

    assert seen == 10


def test_an_app_is_removed_after_a_question_and_the_recovery_codes_with_it(
    alice: Browser, person: User, secret: str
) -> None:
    address = "/accounts/2fa/totp/deactivate/"
    page = alice.get(address)
    assert "Remove the authenticator app?" in text_of(page)
    answer = form_to(page, address).submit(alice)

    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()


def test_a_factor_that_does_not_open_lets_nobody_in(anonymous: Browser, secret: str, settings: Any) -> None:
    lost = dataclasses.replace(settings.E164WEB, credential_keys=["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])
    settings.E164WEB = lost
    anonymous.post(SIGN_IN, LOGIN)

    assert anonymous.post(SECOND, {"code": code_of(secret)}).status_code == 422


@pytest.mark.parametrize("made_up", ["", "null", "[]", "{}", '{"response": 1}', '{"id": "x", "response": {}}', "{"])
def test_a_passkey_that_is_made_up_opens_nothing(
    anonymous: Browser, alice: Browser, secret: str, made_up: str
) -> None:
    anonymous.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    alone = anonymous.post("/accounts/2fa/webauthn/login/", {"credential": made_up})
    anonymous.post(SIGN_IN, LOGIN)
    anonymous.get(SECOND)
    second = anonymous.post(SECOND, {"credential": made_up})
    alice.get("/accounts/2fa/webauthn/add/")
    added = alice.post("/accounts/2fa/webauthn/add/", {"credential": made_up, "name": "x"})

    assert (alone.status_code, second.status_code, added.status_code) == (302, 422, 422)
    assert anonymous.get("/credentials/").status_code == 302
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_passkeys_belong_to_the_host_of_the_site_whatever_the_request_names(anonymous: Browser, db: None) -> None:
    address = "/accounts/2fa/webauthn/login/"
    answer = anonymous.get(address, headers={"accept": "application/json", "host": "127.0.0.1:7"}).json()

    assert answer["request_options"]["publicKey"]["rpId"] == "localhost"
    assert answer["request_options"]["publicKey"]["userVerification"] == "required"


def required(settings: Any, of: str) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, require_second_factor=of)


@pytest.mark.parametrize(
    "address", ["/", "/credentials/", "/history/", "/admin/", "/accounts/", "/accounts/password/change/"]
)
def test_whoever_must_have_a_factor_reaches_nothing_else_before(
    alice: Browser, person: User, settings: Any, address: str
) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    required(settings, "all")

    assert alice.get(address)["Location"] == "/accounts/2fa/"
    assert alice.post(address)["Location"] == "/accounts/2fa/"
    page = alice.get("/accounts/2fa/")
    assert "This site asks you for one" in text_of(page)
    set_up_app(alice)
    assert alice.get(address).status_code in {200, 302}
    assert alice.get(address).get("Location") != "/accounts/2fa/"


def test_whoever_must_have_a_factor_can_sign_out_instead(alice: Browser, settings: Any) -> None:
    required(settings, "all")

    form_to(alice.get("/accounts/2fa/"), "/accounts/logout/").submit(alice)
    assert alice.get("/credentials/")["Location"].startswith(SIGN_IN)


def test_managers_need_one_where_it_is_asked_of_managers(
    alice: Browser, team: Team, editor: User, browser_of: Any, settings: Any
) -> None:
    required(settings, "managers")

    assert alice.get("/credentials/")["Location"] == "/accounts/2fa/"
    assert browser_of(editor).get("/credentials/").status_code == 200
    User.objects.filter(pk=editor.pk).update(is_staff=True)
    assert browser_of(editor).get("/credentials/")["Location"] == "/accounts/2fa/"


def test_an_administrator_removes_the_factors_of_somebody_after_a_question(
    alice: Browser, secret: str, person: User, stranger: User, browser_of: Any
) -> None:
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    admin = browser_of(stranger)
    address = "/admin/dashboard/user/"
    asked = admin.post(address, {"action": "remove_factors", "_selected_action": [person.pk]})
    assert "Be sure that it was they who asked" in text_of(asked)
    assert Authenticator.objects.filter(user=person).exists()

    answer = form_to(asked, address).submit(admin)
    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()
    kept = AuditEvent.objects.filter(event="factors.reset")
    assert kept.values_list("by_name", "about_name", "words").get() == ("mallory", "alice", "admin")
    assert Browser().post(SIGN_IN, LOGIN)["Location"] == "/"


PASSKEY_ALONE = "/accounts/2fa/webauthn/login/"
SENT_BY_ATTACKERS = ["[" * 100_000, "1" * 5_000, f'{{"id": {"1" * 5_000}}}', "[" * 900 + "]" * 900]


@pytest.mark.parametrize("sent", SENT_BY_ATTACKERS, ids=["deep", "long", "long within", "nested"])
def test_what_is_no_passkey_is_refused_however_deep_or_long(anonymous: Browser, alice: Browser, sent: str) -> None:
    for browser, address in (
        (anonymous, PASSKEY_ALONE),
        (alice, "/accounts/2fa/webauthn/add/"),
        (alice, "/accounts/2fa/webauthn/reauthenticate/"),
    ):
        browser.get(address)
        assert browser.post(address, {"credential": sent}).status_code in {302, 422}


@pytest.mark.parametrize(("asked_for", "is_let_in"), [("required", True), ("preferred", False)])
def test_a_passkey_alone_signs_in_only_where_the_device_was_to_ask_for_a_pin(
    anonymous: Browser, person: User, asked_for: str, is_let_in: bool
) -> None:
    device = PasskeyDevice(person)
    anonymous.get(PASSKEY_ALONE, headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"})
    session = anonymous.session
    state = session["mfa.webauthn.state"]
    assert state["user_verification"] == "required"
    session["mfa.webauthn.state"] = state | {"user_verification": asked_for}
    session.save()
    anonymous.post(PASSKEY_ALONE, {"credential": device.signs(state["challenge"])})

    assert (anonymous.get("/credentials/").status_code == 200) == is_let_in
