"""What is asked of a provider, and what its answers must be: allauth's client with the checks of the standards.

Numbers of sections are those of OpenID Connect Core 1.0. Nothing that a provider answers may end in a traceback.
"""

import hashlib
import re
from http import HTTPStatus
from typing import Any

import jwt  # which allauth brings
from allauth.account.internal.emailkit import valid_email_or_none
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

from dashboard.client import HttpFailure
from dashboard.models.user import MAX_USERNAME
from dashboard.services.people.names import printable
from e164web.sign_in.oidc.configuration import is_allowed_url
from e164web.sign_in.oidc.failures import SignInFailed, Why

# Signatures that only the provider can make. Those of the HS family could be made with the client's secret.
ALGORITHMS = [f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)] + ["EdDSA"]
NEEDED = ["iss", "sub", "aud", "exp", "iat"]  # section 2
LEEWAY = 60  # seconds by which clocks may differ
MAX_EMAIL = 254  # characters; Django's own limit
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_CODE = re.compile(
    r'"error"\s*:\s*"([a-z_]{1,50})"'
)  # RFC 6749, section 5.2; nothing else of such an answer is logged

Claims = dict[str, Any]


class Endpoints(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no type hints
    """Asks one provider."""

    @property
    def openid_config(self) -> Claims:
        """The discovery document, which must be that of the issuer in the settings. Raises SignInFailed."""
        if not hasattr(self, "_openid_config"):
            with get_adapter().get_requests_session() as session:
                self._openid_config = self._checked(_json(session.get(self.get_provider().server_url)))
        return self._openid_config

    @property
    def basic_auth(self) -> bool:
        """Whether the secret travels in a header of its own; a client without one only says who it is."""
        return bool(self.get_provider().app.secret) and super().basic_auth

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> Claims:
        """The answer of the token endpoint. Raises SignInFailed."""
        try:
            data = super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except OAuth2Error as error:
            code = _CODE.search(str(error))
            raise SignInFailed(Why.REFUSED, f"the token endpoint said {code[1] if code else 'no'}") from None
        except (KeyError, TypeError, ValueError):
            data = None
        if not isinstance(data, dict) or not all(
            isinstance(data.get(key), str) for key in ("access_token", "id_token")
        ):
            raise SignInFailed(Why.MISTRUSTED, "the token endpoint gave no tokens")
        return data

    def parse_token(self, data: Claims) -> SocialToken:
        """The access token, which is used once and not kept."""
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who it is, by the ID token and what the provider adds to it. Raises SignInFailed."""
        identity = self._identity(app, kwargs["response"]["id_token"])
        info = self._user_info(token.token)
        if info and info.get("sub") != identity["sub"]:  # section 5.3.2
            raise SignInFailed(Why.MISTRUSTED, "the user info is somebody else's")
        # The token is signed, so what it says goes before what is only said beside it.
        claims = {**info, "nonce": None, **identity}
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": claims})
        login.claims = claims
        return login

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the provider sends browsers back to: at the address of the site, whatever a request says."""
        address: str = settings.E164WEB.url.whole(reverse("openid_connect_callback", args=[self.provider_id]))
        return address

    def _checked(self, config: Claims) -> Claims:
        issuer = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer")).rstrip("/") != issuer:  # OpenID Connect Discovery 1.0, section 4.3
            raise SignInFailed(Why.MISTRUSTED, f"its discovery document is of another issuer than {issuer}")
        for name in ENDPOINTS:
            if not is_allowed_url(config.get(name)):
                raise SignInFailed(Why.MISTRUSTED, f"its discovery document has no {name} with https://")
        methods = config.get("token_endpoint_auth_methods_supported")
        if not isinstance(methods, list):
            config["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]  # the standard's default
        return config

    def _identity(self, app: SocialApp, token: str) -> Claims:
        """The claims of an ID token (section 3.1.3.7)."""
        with get_adapter().get_requests_session() as session:
            keys = _json(session.get(self.openid_config["jwks_uri"]))
        try:
            claims: Claims = jwt.decode(
                token,
                key=_key(keys, jwt.get_unverified_header(token).get("kid")),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": NEEDED},
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
            raise SignInFailed(Why.CLOCK, type(error).__name__) from None
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise SignInFailed(Why.MISTRUSTED, f"its ID token: {type(error).__name__}") from None
        if (
            claims.get("azp", app.client_id) != app.client_id
            or not claims["sub"]
            or not isinstance(claims["sub"], str)
        ):
            raise SignInFailed(Why.MISTRUSTED, "its ID token is for another program or for nobody")
        return claims

    def _user_info(self, token: str) -> Claims:
        address = self.openid_config.get("userinfo_endpoint")
        if not address:
            return {}
        if not is_allowed_url(address):
            raise SignInFailed(Why.MISTRUSTED, "its user info is not behind https://")
        with get_adapter().get_requests_session() as session:
            return _json(session.get(address, headers={"Authorization": f"Bearer {token}"}))


def _json(response: Any) -> Claims:
    """The object in an answer. Raises SignInFailed."""
    if response.status_code != HTTPStatus.OK:  # a redirect neither
        raise SignInFailed(Why.UNREACHABLE, f"it answered {response.status_code} at {response.url}")
    try:
        found = response.json()
    except HttpFailure:
        found = None
    if not isinstance(found, dict):
        raise SignInFailed(Why.UNREACHABLE, f"it answered no JSON object at {response.url}")
    return found


def _key(keys: Claims, kid: str | None) -> Any:
    """The key of this id; the only one where the token names none (section 10.1). Raises KeyError or a PyJWTError."""
    found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if kid is None or key.key_id == kid]
    if len(found) != 1:
        raise KeyError(kid)
    return found[0].key


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """A provider of the settings: with PKCE and a nonce, and with an identity that is its issuer's own."""

    pkce_enabled_default = True
    oauth2_adapter_class = Endpoints

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Where to go afterwards, and what for. Nothing else of a request reaches the provider."""
        connects = request.user.is_authenticated and request.POST.get("process") == AuthProcess.CONNECT
        next_url = get_next_redirect_url(request)
        return {"process": AuthProcess.CONNECT if connects else AuthProcess.LOGIN, "next_url": next_url}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: object = None, **kwargs: Any
    ) -> HttpResponse:
        """Go to the provider, with a nonce that its ID token must bring back."""
        nonce = get_random_string(32)
        return super().redirect(request, process, next_url, data, auth_params={"nonce": nonce}, nonce=nonce, **kwargs)

    def serialize(self) -> dict[str, Any]:
        """Which provider it is: two may have the same client id."""
        return {"id": self.app.provider_id}

    def extract_uid(self, data: Claims) -> str:
        """One name for issuer and subject: a provider's address that is changed makes nobody into somebody else."""
        claims = data["userinfo"]
        return hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode(errors="surrogatepass")).hexdigest()

    def extract_extra_data(self, data: Claims) -> Claims:
        """What is kept: enough to tell one account at the provider from another."""
        claims = data["userinfo"]
        return {key: printable(claims.get(claim), MAX_USERNAME) for key, claim in KEPT.items()}

    def extract_common_fields(self, data: Claims) -> dict[str, str]:
        """Names as they are shown, and an address that the provider has verified."""
        claims = data["userinfo"]
        addresses = self.extract_email_addresses(data)
        return {
            "username": printable(claims.get("preferred_username"), MAX_USERNAME),
            "first_name": printable(claims.get("given_name"), MAX_USERNAME),
            "last_name": printable(claims.get("family_name"), MAX_USERNAME),
            "email": addresses[0].email if addresses else "",
        }

    def extract_email_addresses(self, data: Claims) -> list[EmailAddress]:
        """The address, if the provider has verified it."""
        email = email_of(data["userinfo"])
        is_verified = data["userinfo"].get("email_verified") in (True, "true")
        return [EmailAddress(email=email, verified=True, primary=True)] if email and is_verified else []


KEPT = {"username": "preferred_username", "name": "name", "issuer": "iss", "subject": "sub"}


def email_of(claims: Claims) -> str:
    """The e-mail address in claims, verified or not; empty where it is none."""
    email = claims.get("email")
    if not isinstance(email, str) or len(email) > MAX_EMAIL:
        return ""
    return valid_email_or_none(email) or ""
