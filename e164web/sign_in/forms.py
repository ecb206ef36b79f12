"""allauth's forms, with labels as the other pages write them."""

from allauth.account import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dashboard.models import User
from e164web.sign_in.mail_addresses import people_at


class LoginForm(forms.LoginForm):  # type: ignore[misc]  # allauth has no type hints
    """Signing in: the one thing to do on its page, so its first field has the focus."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""  # the page says below what to do
        self.fields["remember"].label = _("Remember me")


class SignupForm(forms.SignupForm):  # type: ignore[misc]
    """An account of one's own, for addresses of the domains that may have one. The address is the user name."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs["autofocus"] = True
        self.fields["password2"].label = _("Password (again)")

    def clean_email(self) -> str:
        """The address, if it may sign up. Whether it is somebody's already is told to itself alone, by mail."""
        address: str = super().clean_email()
        domains: list[str] = settings.E164WEB.signup_domains
        if address.rpartition("@")[2] not in domains:
            sentence = _now("Only addresses of %(domains)s can sign up: ask an administrator for an account.")
            raise ValidationError(sentence % {"domains": ", ".join(domains)})
        return address


class _NewPassword:
    """A form in which a new password is typed twice."""

    fields: dict[str, Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password (again)")


class ChangePasswordForm(_NewPassword, forms.ChangePasswordForm):  # type: ignore[misc]
    """Another password for oneself."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label, self.fields["oldpassword"].help_text = _("Current password"), ""


class SetPasswordForm(_NewPassword, forms.SetPasswordForm):  # type: ignore[misc]
    """A password for somebody who has none."""


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """A mail for who forgot the password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs["autofocus"] = True

    users: list[User]

    def clean_email(self) -> str:
        """The address. Mail goes to nobody else's: a new address that is mistyped may be that of a stranger."""
        address: str = super().clean_email()
        known = set(people_at(address))
        self.users = [person for person in self.users if person in known]
        return address


class ResetPasswordKeyForm(_NewPassword, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, by a link."""


class ReauthenticateForm(forms.ReauthenticateForm):  # type: ignore[misc]
    """Confirming who one is."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # a forgotten password is not found again by signing out
        self.fields["password"].widget.attrs["autofocus"] = True


class EmailForm(forms.AddEmailForm):  # type: ignore[misc]
    """Another address for oneself, which counts once it is verified."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
