"""Why the registry says BAD."""

from collections.abc import Mapping


class Refusal(Exception):
    """A command that is not carried out: `code` is a stable word, `message` a msgid that `params` fill."""

    def __init__(self, code: str, message: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, message, params)
        self.code = code
        self.message = message
        self.params = dict(params or {})

    def __str__(self) -> str:
        return self.message % self.params
