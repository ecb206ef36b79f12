"""`python -m tests.api.versions`: write docs/openapi.json, which belongs to one version and never changes with it.

versions.json beside this file has the digest of the document of every version. So a document that changed needs
another version (`VERSION` in dashboard/api/operations.py), and the clients of the one before know what they have.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import django

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
VERSIONS = Path(__file__).parent / "versions.json"


def text_of_document() -> str:
    """The document as it is committed."""
    from dashboard.api.document import document

    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def digest_of(text: str) -> str:
    """What is kept of a version."""
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> None:
    """Write the document, and the digest of a version that is new. Exits where its version has another document."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    text = text_of_document()
    version, known = json.loads(text)["info"]["version"], json.loads(VERSIONS.read_text())
    if known.setdefault(version, digest_of(text)) != digest_of(text):
        sys.exit(f"The document of {version} is another one: raise VERSION in dashboard/api/operations.py.")
    COMMITTED.write_text(text, encoding="utf-8")
    VERSIONS.write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
