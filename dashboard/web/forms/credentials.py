"""Forms about credentials."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import Credential, Registry, User

MAX_PASSWORD = 1_000  # characters; the protocol sends only its MD5, so this merely bounds the work


if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    CredentialModelForm = forms.ModelForm[Credential]
else:
    CredentialModelForm = forms.ModelForm  # generic for the type checker only


def _password(label: "StrOrPromise", help_text: "StrOrPromise") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MAX_PASSWORD,
        strip=False,
        help_text=help_text,
        # render_value stays off: a password never comes back to the page.
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class CredentialForm(CredentialModelForm):
    """A new credential. ``registry`` offers only what an administrator allowed."""

    password = _password(
        _("Password"),
        _("Your password at the registry. Only its MD5, which the protocol sends, is stored, and that encrypted."),
    )
    field_order = ["registry", "username", "password", "label"]

    class Meta:
        model = Credential
        fields = ["registry", "username", "label"]
        widgets = {
            "username": forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            )
        }
        help_texts = {
            "username": _("Your user name at the registry."),
            "label": _("Your own name for it, such as “Office numbers”."),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.instance.user = person
        registry = self.fields["registry"]
        assert isinstance(registry, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker what Meta made
        registry.queryset = access.registries(person)
        registry.empty_label = None

    def clean_label(self) -> str:
        """Refuse a label that the person uses already."""
        label: str = self.cleaned_data["label"]
        if access.own_credentials(self.person).filter(label=label).exists():
            raise forms.ValidationError(_("You already have a credential with this label."), code="twice")
        return label

    def clean(self) -> dict[str, Any]:
        """Refuse a second credential for the same login."""
        cleaned = super().clean() or {}
        login = {name: cleaned[name] for name in ("registry", "username") if name in cleaned}
        if len(login) == 2 and access.own_credentials(self.person).filter(**login).exists():
            text = _("You already have a credential for this user name at this registry.")
            self.add_error("username", forms.ValidationError(text, code="twice"))
        return cleaned

    @property
    def registry(self) -> Registry:
        """The registry that was chosen."""
        chosen: Registry = self.cleaned_data["registry"]
        return chosen


class PasswordForm(forms.Form):
    """Another password for a credential."""

    password = _password(
        _("New password"), _("As you changed it at the registry. It is tried before it replaces the old one.")
    )
