"""What can be wrong with a message, told apart by whose mistake it is."""

from collections.abc import Mapping

Params = Mapping[str, object]


def gettext_noop(message: str) -> str:
    """Mark `message` for translation; whoever shows it translates it.

    The package knows no web framework, so it cannot ask for a language itself.
    """
    return message


class ProtocolError(Exception):
    """Something that protocol 1.0 does not allow. Only its two subclasses are ever raised.

    `code` is a stable word for programs, `message` an English template with named %-placeholders,
    and `params` fills them. `str(error)` is the English sentence.
    """

    def __init__(self, code: str, message: str, params: Params | None = None) -> None:
        if type(self) is ProtocolError:
            raise TypeError("raise LocalProtocolError or RemoteProtocolError: a mistake is somebody's")
        # All arguments go to Exception, so that an error survives pickling between processes.
        super().__init__(code, message, params)
        self.code = code
        self.message = message
        self.params: dict[str, object] = dict(params or {})

    def __str__(self) -> str:
        return self.message % self.params


class LocalProtocolError(ProtocolError):
    """Our mistake: a value that protocol 1.0 cannot carry was put into a message.

    `field` names the value.
    """

    def __init__(self, code: str, message: str, params: Params | None = None) -> None:
        super().__init__(code, message, params)
        self.field = str(self.params.get("field", ""))


class RemoteProtocolError(ProtocolError):
    """The peer's mistake: its bytes are no message of protocol 1.0, or contradict themselves.

    Codes of replies: "not-a-reply", "truncated", "version", "response", "duplicate", "too-many-rows",
    "numrows", "bad-row", "no-record", "no-address".
    Codes of requests: "not-a-form", "too-large", "version", "unknown-command", "credentials",
    "missing-field", "bad-id", "bad-field", "confirm".
    """
