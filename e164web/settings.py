"""Django settings. What can differ between installations comes from the environment (see conf.py)."""

import os
from pathlib import Path
from typing import Any

import bootstrap_wrapper
from django.utils.translation import gettext_lazy as _

from e164web import conf

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
CSRF_TRUSTED_ORIGINS: list[str] = []

INSTALLED_APPS = [
    "e164web",
    "dashboard",
    "dashboard.web",
    "dashboard.registry",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
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
    "e164web.middleware.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # whose files are compressed already
    "e164web.middleware.Compression",
    "csp.middleware.CSPMiddleware",
    "e164web.middleware.SecureCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "e164web_cache",
        # Culling must not let a guesser with many addresses flush the counters of others.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "dashboard.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
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
ACCOUNT_ADAPTER = "e164web.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "e164web.forms.LoginForm", "change_password": "e164web.forms.ChangePasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = {
    # In this order: what an address has used up no longer counts against the account, so that nobody can keep its
    # owner out from a single address. 120 guesses an hour find no password that passes the validators.
    "login_failed": "10/m/ip,30/h/ip,120/h/key",
    # Ours: passwords of credentials, which a person could otherwise guess in the name of this server.
    "credential_password": "20/10m/user",
}

# --- pages ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
TIME_ZONE = "UTC"
USE_TZ = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# templates/elements/ has what crispy draws forms with.
CRISPY_ALLOWED_TEMPLATE_PACKS = ["elements"]
CRISPY_TEMPLATE_PACK = "elements"
CRISPY_FAIL_SILENTLY = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STATIC_URL = "/static/"
STATIC_ROOT = E164WEB.data_dir / "static"
STATICFILES_DIRS = [("bootstrap", bootstrap_wrapper.get_bootstrap_dir()), RESOURCES / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
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
SECURE_HSTS_SECONDS = 365 * 24 * 3600  # sent over TLS only
SECURE_HSTS_INCLUDE_SUBDOMAINS = E164WEB.require_tls
SECURE_HSTS_PRELOAD = E164WEB.require_tls
SECURE_SSL_REDIRECT = E164WEB.require_tls
# The registry answers plain HTTP itself, with a refusal: a redirected client would send its secret in clear again.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^e164/api$"]
# Without REQUIRE_TLS the cookies become secure request by request, in e164web.middleware.SecureCookies.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = E164WEB.require_tls
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # no form of ours comes near
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # six for each of the 500 records that a number's page may show, and room
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # no form takes one; without this a stranger could fill the disk

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
