"""The dashboard's data: people and their teams, the registries they may use, their credentials and what they did."""

from dashboard.models.audit import AppendOnlyError, AuditEvent, AuditHead
from dashboard.models.change import Change, Outcome
from dashboard.models.credential import Credential
from dashboard.models.exchange import Exchange
from dashboard.models.job import Action, Job, JobNumber, JobState, Result
from dashboard.models.lease import TaskLease
from dashboard.models.mirror import Mirror, MirroredNumber
from dashboard.models.note import NumberNote
from dashboard.models.presence import Presence
from dashboard.models.registry import EMBEDDED_URL, Registry
from dashboard.models.saved import RecordTemplate, SavedSearch
from dashboard.models.team import Invitation, Membership, Role, Share, Team
from dashboard.models.token import Scope, Token
from dashboard.models.transfer import ColumnMapping, Format, Import, ImportChunk, ImportLine
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
    "Action",
    "AppendOnlyError",
    "AuditEvent",
    "AuditHead",
    "Change",
    "ColumnMapping",
    "Credential",
    "Delivery",
    "Email",
    "Event",
    "Exchange",
    "Fate",
    "Format",
    "Import",
    "ImportChunk",
    "ImportLine",
    "Invitation",
    "Job",
    "JobNumber",
    "JobState",
    "Kind",
    "Membership",
    "Mirror",
    "MirroredNumber",
    "NumberNote",
    "OutboxMessage",
    "Outcome",
    "Presence",
    "RecordTemplate",
    "Registry",
    "RegistryState",
    "Result",
    "Role",
    "SavedSearch",
    "Scope",
    "SettlingPause",
    "Share",
    "TaskLease",
    "Team",
    "Token",
    "User",
    "Watch",
    "WatchedNumber",
    "Webhook",
    "WebhookSecret",
]
