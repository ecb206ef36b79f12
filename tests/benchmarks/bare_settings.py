"""The product's own settings and middleware, with one address that does nothing but the bare call."""

from e164web.settings import *  # noqa: F403 -- a settings module is its names

ROOT_URLCONF = "tests.benchmarks.bare_urls"
