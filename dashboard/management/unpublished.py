"""Naming the numbers that no zone of this registry publishes: none may be left out in silence."""

from django.core.management.base import OutputWrapper

from dashboard.management.shell import sentence
from dashboard.registry import zones

SHOWN = 20  # numbers that are listed


def name_unpublished(stream: OutputWrapper) -> None:
    """Say which numbers are in no zone or delegated, and why."""
    sentences, count = zones.unpublished(SHOWN)
    for text in sentences:
        stream.write(sentence(text))
    if count > len(sentences):
        stream.write(f"{count - len(sentences)} more numbers are in no zone or delegated.")
