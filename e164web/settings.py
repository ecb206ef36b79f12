"""Django settings. What can differ between installations comes from the environment (see conf.py)."""

import os
import re
from pathlib import Path
from typing import Any

import bootstrap_wrapper

from e164web import conf, logs

BASE_DIR = Path(__file__).resolve().parent.parent
# A wheel carries templates/ and static/ here (pyproject.toml); in a checkout they stand beside the packages.
INSTALLED = BASE_DIR / "e164web" / "resources"
RESOURCES = INSTALLED if INSTALLED.is_dir() else BASE_DIR
# Folders of installed packages are pip's, and may not be writable: there, data goes where e164web is started.
E164WEB = conf.read(os.environ, BASE_DIR if RESOURCES == BASE_DIR else Path.cwd())

DEBUG = False
# A problem in the configuration is reported by a check; until then Django needs some key to start with, and this
# one is never the same twice.
SECRET_KEY = E164WEB.secret_key or os.urandom(64).hex()
ALLOWED_HOSTS = E164WEB.allowed_hosts
# Forms work behind a proxy that writes a Host of its own.
CSRF_TRUSTED_ORIGINS = [E164WEB.url.origin]
CSRF_FAILURE_VIEW = "e164web.csrf.refused"
FORCE_SCRIPT_NAME = E164WEB.url.prefix

INSTALLED_APPS = [
    "e164web",
    "dashboard",
    "dashboard.web",
    "dashboard.registry",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "heroicons",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, for FORM_RENDERER
]

MIDDLEWARE = [
    "e164web.middleware.RequestId",  # of all that is said about it
    *(["e164web.middleware.Counted"] if E164WEB.metrics else []),
    "e164web.middleware.Language",  # before all that may refuse a request
    "e164web.middleware.TrustedProxies",
    "e164web.middleware.AskedFrom",  # the address that the one before it has decided
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # whose files are compressed already
    "e164web.middleware.Compression",
    "csp.middleware.CSPMiddleware",
    "e164web.middleware.KnownHost",
    "e164web.middleware.SecureCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.web.preferences.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    *(["e164web.sign_in.remote_user.RemoteUser"] if E164WEB.remote_user_header else []),
    "e164web.middleware.KeepsNoPassword",
    "dashboard.web.middleware.SecondFactorRequired",
]

ROOT_URLCONF = "e164web.urls"
WSGI_APPLICATION = "e164web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RESOURCES / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database ---------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": dict(E164WEB.database)}
DATABASE_ROUTERS = ["dashboard.models.searching.IndexRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        # A thread keeps its connection: opening a file and setting pragmas costs more than most queries.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Writers queue at BEGIN instead of failing when a read turns into a write.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
        # In a file and not in memory: threads share a database in memory only by locking each other out.
        "TEST": {"NAME": E164WEB.data_dir / "test.sqlite3"},
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# Rate limits count in the cache, and two worker processes must count together: so it lives in the database.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "e164web_cache",
        # Culling must not let a guesser with many addresses flush the counters of others.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
if E164WEB.cache:
    # Or in Valkey, for several machines; the database takes its place while it is away (e164web/cache.py).
    CACHES = {
        "database": CACHES["default"],
        "default": {"BACKEND": "e164web.cache.CountingCache", "LOCATION": E164WEB.cache, "KEY_PREFIX": "e164web"},
        "sessions": {"BACKEND": "e164web.cache.SessionCache", "LOCATION": E164WEB.cache, "KEY_PREFIX": "e164web"},
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"

# What people start and nobody waits for (dashboard/services/background).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "dashboard.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    *(["e164web.sign_in.remote_user.ProxyBackend"] if E164WEB.remote_user_header else []),
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = ["e164web.hashers.Argon2"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "e164web.sign_in.adapter.AccountAdapter"
USERSESSIONS_ADAPTER = "e164web.sign_in.sessions.SessionsAdapter"
ACCOUNT_FORMS = {
    "login": "e164web.sign_in.forms.LoginForm",
    "signup": "e164web.sign_in.forms.SignupForm",
    "change_password": "e164web.sign_in.forms.ChangePasswordForm",
    "set_password": "e164web.sign_in.forms.SetPasswordForm",
    "reset_password": "e164web.sign_in.forms.ResetPasswordForm",
    "reset_password_from_key": "e164web.sign_in.forms.ResetPasswordKeyForm",
    "reauthenticate": "e164web.sign_in.forms.ReauthenticateForm",
    "add_email": "e164web.sign_in.forms.EmailForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
# No name: whether one is taken must not be told. The address is the name (e164web.sign_in.adapter).
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # that one must then be able to sign in by the address
# Of those who signed up: e164web.sign_in.adapter.SignedUpStage asks nobody else.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[e164web] "
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
SOCIALACCOUNT_ADAPTER = "e164web.sign_in.oidc.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "e164web.sign_in.oidc.endpoints.Provider"}}
SOCIALACCOUNT_FORMS = {"disconnect": "e164web.sign_in.oidc.forms.DisconnectForm"}
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# An address that the provider has not verified is dropped, and nobody is asked for one.
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(E164WEB.mail_server)
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
PASSWORD_RESET_TIMEOUT = 24 * 3600  # of a link, which works once
ACCOUNT_RATE_LIMITS = {
    # In this order: what an address has used up no longer counts against the account, so that nobody can keep its
    # owner out from a single address. 120 guesses an hour find no password that passes the validators.
    "login_failed": "10/m/ip,30/h/ip,120/h/key",
    # All sign-ins, right ones too: a school behind one address has many at the same minute.
    "login": f"{E164WEB.sign_ins}/m/ip",
    # Ours: passwords of credentials, which a person could otherwise guess in the name of this server.
    "credential_password": "20/10m/user",
    # Each of these sends mail to an address that somebody typed.
    "reset_password": "10/m/ip,30/h/ip,5/h/key",
    "signup": "10/m/ip,30/h/ip",
    "manage_email": "20/h/user",
    # Ours too: letters, and messages, to addresses that somebody chose.
    "invitation_mail": "30/h/user",
    "webhook_message": "60/h/user",
    "token_made": "30/h/user",
    "zone_fetched": "20/10m/user",
    # And texts that are no token, which cost a line in the log and a look into the database.
    "token_failed": "60/m/ip",
}
MFA_ADAPTER = "e164web.sign_in.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "e164web.sign_in.factor_forms.AuthenticateForm",
    "reauthenticate": "e164web.sign_in.factor_forms.ReauthenticateForm",
    "authenticate_webauthn": "e164web.sign_in.factor_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "e164web.sign_in.factor_forms.ReauthenticateWebAuthnForm",
    "login_webauthn": "e164web.sign_in.factor_forms.LoginWebAuthnForm",
    "activate_totp": "e164web.sign_in.factor_forms.ActivateTOTPForm",
    "add_webauthn": "e164web.sign_in.factor_forms.AddWebAuthnForm",
    "edit_webauthn": "e164web.sign_in.factor_forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", *(["webauthn"] if E164WEB.url.relying_party else [])]
MFA_PASSKEY_LOGIN_ENABLED = bool(E164WEB.url.relying_party)
# Without TLS there are only browsers on the same machine, and no origin that could be checked.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = E164WEB.url.is_local
MFA_TOTP_ISSUER = f"e164web {E164WEB.url.named_host}"
# Whoever signs up has verified the address before; others need none for a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- mail -------------------------------------------------------------------------------------------------------
_MAIL = E164WEB.mail_server
EMAIL_BACKEND = _MAIL.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = _MAIL.get("EMAIL_HOST", ""), _MAIL.get("EMAIL_PORT", 0)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_USER") or "", _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds: a page waits for it
DEFAULT_FROM_EMAIL = SERVER_EMAIL = E164WEB.mail_sender

# --- pages ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each in its own words, so that who reads no other finds it.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "dashboard" / "locale"]  # of templates, forms and all else; `make messages` collects
TIME_ZONE = "UTC"
USE_TZ = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# templates/elements/ has what crispy draws forms with.
CRISPY_ALLOWED_TEMPLATE_PACKS = ["elements"]
CRISPY_TEMPLATE_PACK = "elements"
CRISPY_FAIL_SILENTLY = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STATIC_URL = f"{E164WEB.url.prefix}/static/"
STATIC_ROOT = E164WEB.data_dir / "static"
STATICFILES_DIRS = [("bootstrap", bootstrap_wrapper.get_bootstrap_dir()), RESOURCES / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "e164web.collected.CollectedFiles"},
}

# --- security ---------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Bootstrap's own CSS draws check marks and carets from data: URLs
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Sent over TLS only. It holds for all ports and paths of a host, so only who has the host alone may ask for it.
SECURE_HSTS_SECONDS = 0 if E164WEB.url.shares_its_host else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = E164WEB.url.is_https
SECURE_SSL_REDIRECT = E164WEB.url.is_https
SECURE_SSL_HOST = E164WEB.url.netloc
# These answer plain HTTP themselves, with a refusal: a redirected client would send its secret in clear again.
SECURE_REDIRECT_EXEMPT = [
    f"^{re.escape(f'{E164WEB.url.prefix}{path}'.removeprefix('/'))}{end}"
    for path, end in (("/healthz", "$"), ("/readyz", "$"), ("/e164/api", "$"), ("/api/v1/", ""))
]
# Where the address is no https:// the cookies become secure request by request, in e164web.middleware.SecureCookies.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = E164WEB.url.is_https
# Without a slash at its end: the site is found without it too.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = E164WEB.url.prefix or "/"
# Below a path they have names of their own: of two cookies of one name, Django reads that of the host's first page.
SESSION_COOKIE_NAME = f"sessionid{E164WEB.url.prefix.replace('/', '_')}"
CSRF_COOKIE_NAME = f"csrftoken{E164WEB.url.prefix.replace('/', '_')}"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 640 * 1024  # 500 records of a number's page, of 255 octets each, percent-encoded
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # six for each of the 500 records that a number's page may show, and room
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["dashboard.web.uploads.NoFiles"]  # without this a stranger could fill the disk

LOGGING = logs.configured(E164WEB.log)
