"""Collecting static files, only when they changed."""

import hashlib
import shutil
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MANIFEST = "staticfiles.json"  # django.contrib.staticfiles.storage.ManifestFilesMixin.manifest_name


def collect() -> bool:
    """Fill STATIC_ROOT from scratch unless it was filled from the same sources. Returns whether it had to be filled.

    The note of what it was filled from is written last and stands beside the folder, which is served. Raises OSError.
    """
    root = Path(settings.STATIC_ROOT)
    note = root.with_name(root.name + ".sources")
    sources = _fingerprint()
    if (root / MANIFEST).is_file() and note.is_file() and note.read_text(encoding="ascii") == sources:
        return False
    note.unlink(missing_ok=True)
    if root.exists():
        # Files that are no longer ours must not go on being served.
        shutil.rmtree(root)
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(sources, encoding="ascii")
    return True


def _fingerprint() -> str:
    """What the collected files are made from: names, contents, and the programs that make them."""
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    listed = [(path, storage) for finder in get_finders() for path, storage in finder.list([])]
    for path, storage in sorted(listed, key=itemgetter(0)):
        with storage.open(path) as file:
            digest.update(f"\0{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()
