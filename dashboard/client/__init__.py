"""The only outgoing HTTP: a registry's address and a credential on one side, a method for each command on the other.

`errors` says what a caller learns when a command fails, `wire` what it may see of the bytes, `transport` keeps
connections, checks certificates and holds the deadline, `attempt` sends one request, and `client` has the commands.
`bounded` lends the same sockets to libraries that speak HTTP themselves, and `webhook` sends messages to addresses
that people wrote.
"""

from dashboard.client.attempt import VERSION, WIRE_LIMIT
from dashboard.client.bounded import BoundedSession, HttpFailure
from dashboard.client.client import Client, Gate
from dashboard.client.errors import NotSent, Refused, RegistryError, ReplyLost
from dashboard.client.transport import mount, reset
from dashboard.client.webhook import Reach, WebhookFailure, post
from dashboard.client.wire import MASK, Exchange

__all__ = [
    "MASK",
    "VERSION",
    "WIRE_LIMIT",
    "BoundedSession",
    "Client",
    "Exchange",
    "Gate",
    "HttpFailure",
    "NotSent",
    "Reach",
    "Refused",
    "RegistryError",
    "ReplyLost",
    "WebhookFailure",
    "mount",
    "post",
    "reset",
]
