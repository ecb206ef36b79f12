"""What every test shares."""

import os
import tempfile

# Before Django reads its settings: a data folder of the test run's own, never the developer's.
os.environ.setdefault("E164WEB_DATA_DIR", tempfile.mkdtemp(prefix="e164web-test-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop
