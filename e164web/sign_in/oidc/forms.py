"""allauth's form for letting go of a provider, with this project's rule."""

from typing import Any

from allauth.socialaccount import forms
from allauth.socialaccount.adapter import get_adapter
from django.forms import Form


class DisconnectForm(forms.DisconnectForm):  # type: ignore[misc]  # allauth has no type hints
    """Letting go of a provider. allauth would ask for an e-mail address, which nobody needs to have here."""

    def clean(self) -> dict[str, Any]:
        """Ask the adapter alone. Raises ValidationError."""
        cleaned: dict[str, Any] = Form.clean(self) or self.cleaned_data
        if account := cleaned.get("account"):
            get_adapter().validate_disconnect(account, self.accounts)
        return cleaned
