"""System checks: a configuration that cannot be used stops the start with a sentence."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register("e164web")
def check_environment(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401 -- Django's signature
    """Each problem that `e164web.conf` found in the environment, as an error with its id (e164web.E001 ...)."""
    return [Error(problem.message, hint=problem.hint, id=problem.id) for problem in settings.E164WEB.problems]


def sentences() -> list[str]:
    """The same problems as plain sentences, for programs that are started without Django's check framework."""
    return [f"{problem.message} {problem.hint} ({problem.id})" for problem in settings.E164WEB.problems]
