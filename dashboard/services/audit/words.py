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
    "password.link": gettext_noop("Link for another password made"),
    "factor.added": gettext_noop("Factor added"),
    "factor.removed": gettext_noop("Factor removed"),
    "factor.reset": gettext_noop("Factor renewed"),
    "factors.reset": gettext_noop("Factors taken away"),
    "factor.recovery-code": gettext_noop("Recovery code used"),
    "email.added": gettext_noop("E-mail address added"),
    "email.confirmed": gettext_noop("E-mail address confirmed"),
    "email.changed": gettext_noop("E-mail address changed"),
    "email.removed": gettext_noop("E-mail address removed"),
    "provider.added": gettext_noop("Provider connected"),
    "provider.removed": gettext_noop("Provider disconnected"),
    "person.signed-up": gettext_noop("Account made"),
    "person.made": gettext_noop("Person made"),
    "person.changed": gettext_noop("Person changed"),
    "person.deleted": gettext_noop("Person deleted"),
    "administrator.kept": gettext_noop("Last administrator kept"),
    "team.made": gettext_noop("Team made"),
    "team.renamed": gettext_noop("Team renamed"),
    "team.deleted": gettext_noop("Team deleted"),
    "team.member.added": gettext_noop("Member added"),
    "team.member.joined": gettext_noop("Member joined"),
    "team.member.role": gettext_noop("Role changed"),
    "team.member.changed": gettext_noop("Member changed"),
    "team.member.left": gettext_noop("Member left"),
    "team.member.removed": gettext_noop("Member removed"),
    "team.manager.kept": gettext_noop("Last manager kept"),
    "team.invitation.made": gettext_noop("Invitation made"),
    "team.invitation.used": gettext_noop("Invitation used"),
    "team.invitation.taken-back": gettext_noop("Invitation taken back"),
    "groups.missing": gettext_noop("Provider named no groups"),
    "credential.added": gettext_noop("Credential added"),
    "credential.password": gettext_noop("Password of a credential replaced"),
    "credential.shared": gettext_noop("Credential shared"),
    "credential.unshared": gettext_noop("Credential unshared"),
    "credential.handed-over": gettext_noop("Credential handed over"),
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
