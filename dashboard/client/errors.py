"""What may go wrong between a command and its reply, sorted by what is known about its effect."""

from collections.abc import Mapping

TIMEOUTS = frozenset({"connect-timeout", "timeout"})  # of a registry that is too slow
# Failures that a moment may mend, so that a read is worth repeating. A wrong certificate or version is not one.
TRANSIENT = TIMEOUTS | {"broken", "connect", "dns", "truncated", "unavailable"}


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation. The page that shows it translates it."""
    return message


class RegistryError(Exception):
    """A command did not bring a good reply. Only its three subclasses are raised.

    `message` is an English sentence with named %-placeholders and `params` fills them; both are safe to show, and
    neither holds the secret. `str(error)` is the filled sentence. `code` is a stable word. `log_message` says
    more, for the log: the command, the address, and the words of the layer that failed.
    """

    def __init__(
        self, message: str, params: Mapping[str, object] | None = None, *, code: str = "", log_message: str = ""
    ) -> None:
        super().__init__(message, dict(params or {}))
        self.message = message
        self.params: dict[str, object] = dict(params or {})
        self.code = code
        self.log_message = log_message or str(self)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message

    @property
    def is_timeout(self) -> bool:
        """Whether the registry was too slow."""
        return self.code in TIMEOUTS

    @property
    def is_transient(self) -> bool:
        """Whether asking again may help."""
        return self.code in TRANSIENT


class Refused(RegistryError):
    """The registry answered BAD: the command had no effect. `reason` is its own words, "" if it gave none."""

    def __init__(
        self, message: str, params: Mapping[str, object] | None = None, *, reason: str = "", log_message: str = ""
    ) -> None:
        super().__init__(message, params, code="refused", log_message=log_message)
        self.reason = reason


class NotSent(RegistryError):
    """Not one byte of the command went out, so it had no effect.

    Codes: "address", "ca-bundle", "dns", "connect", "connect-timeout", "certificate", "tls", and "busy" where the
    client's gate did not let the command through.
    """


class ReplyLost(RegistryError):
    """The command went out and no good reply came back: whether a write took effect is unknown.

    Codes: "timeout", "broken", "not-http", "status", "unavailable", "redirect", "web-page", "too-large", "encoded",
    and those of `dashboard.protocol.RemoteProtocolError`.
    """


SENTENCES = {
    "address": gettext_noop("%(url)s is not an address that a registry can have: it must begin with https://."),
    "ca-bundle": gettext_noop("The file with the certificates to trust for %(host)s cannot be used."),
    "dns": gettext_noop("The name %(host)s was not found, so nothing was sent."),
    "connect": gettext_noop("%(host)s does not take connections, so nothing was sent."),
    "connect-timeout": gettext_noop("%(host)s did not take the connection in time, so nothing was sent."),
    "certificate": gettext_noop("The certificate of %(host)s does not fit, so nothing was sent: %(reason)s."),
    "tls": gettext_noop("No secure connection to %(host)s could be made, so nothing was sent."),
    "timeout": gettext_noop("%(host)s did not answer in time."),
    "broken": gettext_noop("The connection to %(host)s broke before its reply was complete."),
    "status": gettext_noop("%(host)s answered with HTTP status %(status)s instead of a reply."),
    "unavailable": gettext_noop("%(host)s answered with HTTP status %(status)s: it is out of order."),
    "redirect": gettext_noop("%(host)s wants to redirect to %(location)s, which is never followed."),
    "not-http": gettext_noop("%(host)s answered with something that is not HTTP."),
    "web-page": gettext_noop("%(host)s answered with a web page instead of a reply."),
    "too-large": gettext_noop("The reply of %(host)s is larger than %(limit)s bytes."),
    "encoded": gettext_noop("The reply of %(host)s is compressed, which was not asked for."),
    "refused": gettext_noop("The registry refused: %(reason)s"),
    "refused-silently": gettext_noop("The registry refused and did not say why."),
}
