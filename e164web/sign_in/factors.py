"""What allauth asks this project to decide about second factors."""

import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard import vault
from dashboard.models import User
from dashboard.services.second_factors import SEALED_FOR

logger = logging.getLogger(__name__)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Secrets are sealed with the keys of credentials; passkeys belong to the host of E164WEB_URL."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "wrong_code": _("This is not the code that is valid now, or it was used already. Enter the next one."),
        "incorrect_code": _("The passkey was not accepted. Try again."),  # allauth says so of passkeys too
    }

    def encrypt(self, text: str) -> str:
        """Seal what codes are computed from."""
        return vault.seal_for(SEALED_FOR, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it. What does not open becomes a secret that nobody has, so that no code is right."""
        try:
            return vault.unseal_for(SEALED_FOR, encrypted_text)
        except vault.SealError:
            logger.error("A second factor cannot be opened with these keys")  # noqa: TRY400 -- no traceback
            return str(generate_totp_secret())

    def get_totp_label(self, user: User) -> str:
        """What the entry is called in a person's app."""
        return user.get_username()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 -- as allauth calls it
        """What a passkey is called whose name was left out."""
        others: int = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": others + 1} if others else gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Where passkeys are for. It must not follow the request, which may name this server in other ways."""
        return {"id": settings.E164WEB.url.relying_party, "name": "e164web"}
