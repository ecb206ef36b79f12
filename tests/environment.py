"""Loaded before Django reads its settings: a data folder of the test run's own, never the developer's.

A plugin and not a part of conftest.py, which is too late: pytest-django reads the settings first.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("E164WEB_") and "_TEST_" not in name]:
    del os.environ[_name]
os.environ["E164WEB_DATA_DIR"] = tempfile.mkdtemp(prefix="e164web-test-")
if os.environ.get("E164WEB_TEST_DATABASE_URL"):
    os.environ["E164WEB_DATABASE_URL"] = os.environ["E164WEB_TEST_DATABASE_URL"]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop
atexit.register(shutil.rmtree, os.environ["E164WEB_DATA_DIR"], ignore_errors=True)
if "E164WEB_TEST_PREPARED" not in os.environ:  # the first process of this run, whose environment the others get
    os.environ["E164WEB_TEST_PREPARED"] = tempfile.mkdtemp(prefix="e164web-prepared-")
    atexit.register(shutil.rmtree, os.environ["E164WEB_TEST_PREPARED"], ignore_errors=True)
Path(os.environ["E164WEB_DATA_DIR"], "static").mkdir()  # whitenoise warns where there is none
