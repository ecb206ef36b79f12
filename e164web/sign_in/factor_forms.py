"""allauth's forms of second factors, with labels as the other pages write them, and limits that nobody can lift.

allauth forgets the wrong tries of an address as soon as one code is right. Whoever has an account could so guess at
others without end: here a right code takes only itself back, as a right password does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import UserVerificationRequirement

MAX_NAME = 100  # characters of a passkey's name


def _ask_for_code(field: forms.Field, help_text: Any) -> None:  # noqa: ANN401 -- a lazy sentence
    field.label, field.help_text = _("Code"), help_text
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class _Code:
    """The code of an app, or a recovery code."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: Any

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self.fields["code"], _("That of your authenticator app, or a recovery code."))

    def clean_code(self) -> str:
        """The code, if it is right: each is taken once."""
        usage = ratelimit.consume(
            context.request, app="allauth.account", action="login_failed", key=f"second-factor-{self.user.pk}"
        )
        if usage is None:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = self.cleaned_data["code"]
        typed = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        for factor in typed.order_by("-type"):  # the app's before recovery codes
            if factor.wrap().validate_code(code):
                usage.rollback()
                factor.user = self.user
                self.authenticator = factor
                return code
        if factor := typed.order_by("-type").first():
            self._emit_authentication_failed(factor)  # type: ignore[attr-defined]
        raise get_adapter().validation_error("wrong_code")


class AuthenticateForm(_Code, base.AuthenticateForm):  # type: ignore[misc]  # allauth has no type hints
    """The second step of signing in."""


class ReauthenticateForm(_Code, base.ReauthenticateForm):  # type: ignore[misc]
    """Confirming who one is."""


class ActivateTOTPForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """Setting up an authenticator app."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self.fields["code"], _("The six digits that the app shows now."))

    def clean_code(self) -> str:
        """The code, if it is right. Guessing is no use: the page shows the secret. It then opens nothing else."""
        code: str = self.cleaned_data["code"]
        used_once = TOTP(Authenticator(user=self.user))._mark_code_used
        if not validate_totp_code(self.secret, code) or not used_once(code):
            raise get_adapter().validation_error("wrong_code")
        return code


@contextmanager
def _whatever_is_sent() -> Iterator[None]:
    """What is made up is no passkey, however its parts are missing or of another kind."""
    try:
        yield
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _CredentialField(forms.JSONField):
    """What a browser says of a passkey, or whoever pretends to be one: brackets without end, long numbers."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 -- as JSON has it
        """The values. Raises ValidationError."""
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ANN401
        """What was sent, as it was sent."""
        return None if data is None else InvalidJSONInput(data)


class _Credential:
    """A form with such a field."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _CredentialField(widget=forms.HiddenInput)


class _Passkey(_Credential):
    """A signature of a passkey, which cannot be guessed and so counts for no limit."""

    cleaned_data: dict[str, Any]
    user: Any

    def clean_credential(self) -> Authenticator:
        """The passkey that signed."""
        credential = self.cleaned_data["credential"]
        with _whatever_is_sent():
            auth.parse_authentication_response(credential)
            person = self.user or auth.extract_user_from_response(credential)
            return auth.complete_authentication(person, credential)


class AuthenticateWebAuthnForm(_Passkey, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step of signing in."""


class ReauthenticateWebAuthnForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey that confirms who one is."""


class LoginWebAuthnForm(_Passkey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""

    def clean_credential(self) -> Authenticator:
        """The passkey that signed, on a device that asked for a finger, a face or a PIN.

        All steps keep their challenge at one place in the session, and that of the second step asks for none.
        """
        state = auth.get_state() or {}
        if state.get("user_verification") != UserVerificationRequirement.REQUIRED:
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()


class _Name:
    """A name that tells a person's passkeys apart."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=MAX_NAME,
            required=self.fields["name"].required,
            help_text=_("Where it is kept, such as “telephone” or “blue key”."),
        )


class AddWebAuthnForm(_Name, _Credential, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey. Unless that is unticked, it also signs in alone."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["passwordless"] = True
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Also sign in with it alone, without the password")
        passwordless.help_text = _("The device must then ask for a finger, a face or a PIN.")

    def clean(self) -> dict[str, Any]:
        """The passkey that the browser made."""
        with _whatever_is_sent():
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class EditWebAuthnForm(_Name, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""
