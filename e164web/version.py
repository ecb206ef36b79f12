"""Which version of e164web this is."""

VERSION = "0.1.0"  # as in pyproject.toml; a test compares them
