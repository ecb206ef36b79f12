"""The WSGI application that gunicorn serves."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")

django = get_wsgi_application()

from e164web import servers  # noqa: E402 -- the settings must be configured first
from e164web.checks import sentences  # noqa: E402 -- the same
from e164web.prefix import without_prefix  # noqa: E402 -- the same

# gunicorn never runs Django's checks, and must not serve with a setting that was misread.
if problems := sentences():
    sys.exit("\n".join(problems))

application = without_prefix(django, settings.E164WEB.url.prefix)

announcement = servers.announce(settings.E164WEB.data_dir, settings.E164WEB.credential_keys)

# Every page is loaded here, before gunicorn forks: workers share the memory, and a fault stops the start.
_ = get_resolver().url_patterns
