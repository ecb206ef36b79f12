"""The dashboard's data: people and their teams, the registries they may use, their credentials and what they did."""

from dashboard.models.audit import AppendOnlyError, AuditEvent, AuditHead
from dashboard.models.change import Change, Outcome
from dashboard.models.credential import Credential, KnownNumber
from dashboard.models.exchange import Exchange
from dashboard.models.note import NumberNote
from dashboard.models.registry import EMBEDDED_URL, Registry
from dashboard.models.team import Invitation, Membership, Role, Share, Team
from dashboard.models.token import Scope, Token
from dashboard.models.user import User
from dashboard.models.watch import (
    Delivery,
    Email,
    Event,
    Fate,
    Kind,
    OutboxMessage,
    RegistryState,
    SettlingPause,
    Watch,
    WatchedNumber,
    Webhook,
    WebhookSecret,
)

__all__ = [
    "EMBEDDED_URL",
    "AppendOnlyError",
    "AuditEvent",
    "AuditHead",
    "Change",
    "Credential",
    "Delivery",
    "Email",
    "Event",
    "Exchange",
    "Fate",
    "Invitation",
    "Kind",
    "KnownNumber",
    "Membership",
    "NumberNote",
    "OutboxMessage",
    "Outcome",
    "Registry",
    "RegistryState",
    "Role",
    "Scope",
    "SettlingPause",
    "Share",
    "Team",
    "Token",
    "User",
    "Watch",
    "WatchedNumber",
    "Webhook",
    "WebhookSecret",
]
