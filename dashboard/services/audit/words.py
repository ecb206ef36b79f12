"""What the events are called on pages."""

from django.utils.translation import gettext, gettext_noop

# In the order in which a list of them is read.
EVENTS = {
    "sign-in": gettext_noop("Signed in"),
    "sign-in.failed": gettext_noop("Sign-in failed"),
    "sign-out": gettext_noop("Signed out"),
    "identity.failed": gettext_noop("Identity not confirmed"),
    "session.ended": gettext_noop("Session ended"),
    "password.changed": gettext_noop("Password changed"),
    "password.set": gettext_noop("Password set"),
    "password.reset": gettext_noop("Password reset"),
    "factor.added": gettext_noop("Factor added"),
    "factor.removed": gettext_noop("Factor removed"),
    "factor.renewed": gettext_noop("Factor renewed"),
    "factor.recovery-code": gettext_noop("Recovery code used"),
    "email.added": gettext_noop("E-mail address added"),
    "email.confirmed": gettext_noop("E-mail address confirmed"),
    "email.changed": gettext_noop("E-mail address changed"),
    "email.removed": gettext_noop("E-mail address removed"),
    "provider.added": gettext_noop("Provider connected"),
    "provider.removed": gettext_noop("Provider disconnected"),
    "person.signed-up": gettext_noop("Account made"),
    "person.added": gettext_noop("Person added"),
    "person.changed": gettext_noop("Person changed"),
    "person.deleted": gettext_noop("Person deleted"),
    "credential.added": gettext_noop("Credential added"),
    "credential.password": gettext_noop("Password of a credential replaced"),
    "credential.removed": gettext_noop("Credential removed"),
    "admin.added": gettext_noop("Added in the admin"),
    "admin.changed": gettext_noop("Changed in the admin"),
    "admin.deleted": gettext_noop("Deleted in the admin"),
    "export.zone": gettext_noop("Zone file downloaded"),
    "export.audit": gettext_noop("Audit trail exported"),
    "keys.rotated": gettext_noop("Credential keys rotated"),
    "audit.accepted": gettext_noop("End of the audit trail accepted"),
}


def called(event: str) -> str:
    """What an event is called, in the language of the page; its own word where it has no name."""
    return gettext(EVENTS[event]) if event in EVENTS else event
