"""What comes from elsewhere is what its makers published: browser assets and packages."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).parents[1]
# The values of `integrity` that Bootstrap 5.3.8 and htmx 2.0.10 publish in their documentation.
PUBLISHED = {
    "bootstrap/css/bootstrap.min.css": "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB",
    "bootstrap/js/bootstrap.bundle.min.js": "FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI",
    "django_htmx/htmx-2.min.js": "H5SrcfygHmAuTDZphMHqBJLc3FhssKjG7w/CeCpFReSfwBWDTKpkzPP8c+cLsK+V",
}
# allauth's own, which its makers publish in the package alone: the lock files have its hash.
OF_LOCKED_PACKAGES = {"account/js/onload.js", "mfa/js/webauthn.js", "mfa/js/webauthn-json.js"}
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_of_others_is_the_one_that_they_published(name: str) -> None:
    path = finders.find(name)
    assert path is not None
    digest = hashlib.sha384(Path(path).read_bytes()).digest()
    assert base64.b64encode(digest).decode() == PUBLISHED[name]


def test_pages_load_nothing_of_others_but_these_files() -> None:
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"(?:{% static \"|\"{{ files }})(\w[^\"]+)\"", pages))
    own = {str(path.relative_to(ROOT / "static")) for path in (ROOT / "static").rglob("*")}
    assert named - own <= PUBLISHED.keys() | OF_LOCKED_PACKAGES
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", pages)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_locked_to_a_version_and_to_hashes(lock: Path) -> None:
    packages = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[A-Za-z0-9._\[\]-]+==[^ ]+", package)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", package)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_names_no_place_to_download_from(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_packages_are_installed_as_built_and_with_their_hashes_only(name: str) -> None:
    installs = re.findall(r"-m pip install.*", (ROOT / name).read_text())
    assert installs
    for install in installs:
        assert "--require-hashes" in install
        assert "--only-binary :all:" in install
