#!/usr/bin/env python
"""Django's command line for e164web."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("e164web's packages are not installed here. Run `make install`, then use .venv/bin/python.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
