#!/usr/bin/env python
"""Django's command line for e164web."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    try:
        from e164web.commandline import run  # noqa: PLC0415 -- the packages may be missing, and that deserves a sentence
    except ImportError as missing:
        sys.exit(f"{missing}. Run `make install`, then use .venv/bin/python.")
    run(sys.argv)


if __name__ == "__main__":
    main()
