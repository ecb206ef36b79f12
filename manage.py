#!/usr/bin/env python
"""Django's command line for e164web."""

import sys


def main() -> None:
    """Run one management command."""
    try:
        from e164web import commandline  # noqa: PLC0415 -- the packages may be missing, and that deserves a sentence
    except ImportError as missing:
        sys.exit(f"{missing}. Run `make install`, then use .venv/bin/python.")
    commandline.main()


if __name__ == "__main__":
    main()
