"""What cannot be among people and teams, each with its sentence for the reader."""

from django.utils.translation import gettext_noop


class NotPossible(Exception):
    """Nothing was changed. `dashboard.services.sentences.say` says why."""

    message: str

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message % params)


class NameTaken(NotPossible):
    """A team is called so, or in a way that people cannot tell from it."""

    message = gettext_noop("There is a team called “%(name)s” already: choose another name.")


class NameReserved(NotPossible):
    """The settings give roles in the team of this name to groups of a provider, which finds it by its name."""

    message = gettext_noop("“%(name)s” is a team whose members come from a sign-in provider: choose another name.")


class NameUnfit(NotPossible):
    """A name of a team that is empty, too long, or holds what cannot be seen."""


class NameEmpty(NameUnfit):
    """There is nothing to be read in it."""

    message = gettext_noop("A team needs a name.")


class NameInvisible(NameUnfit):
    """It holds control characters, or marks that turn the direction of writing."""

    message = gettext_noop("A name must not hold control characters or marks for the direction of writing.")


class NameTooLong(NameUnfit):
    """It has too many characters."""

    message = gettext_noop("A name may have %(limit)d characters.")


class LastManager(NotPossible):
    """The team would have no manager."""

    message = gettext_noop("“%(team)s” would have no manager: make another member manager first, or delete the team.")


class InvitationClosed(NotPossible):
    """An invitation that cannot be used."""


class InvitationUsed(InvitationClosed):
    """It made a member."""

    message = gettext_noop("This invitation was used already. Each works once: ask for another one.")


class InvitationExpired(InvitationClosed):
    """Its time is over."""

    message = gettext_noop("This invitation has expired. Ask for another one.")


class InvitationTakenBack(InvitationClosed):
    """A manager took it back."""

    message = gettext_noop("This invitation was taken back by a manager of the team.")


class InvitationWorthless(InvitationTakenBack):
    """Whoever made it manages the team no longer."""

    message = gettext_noop(
        "This invitation was taken back: whoever made it is no manager of the team any more. Ask for another one."
    )


class TeamGone(InvitationClosed):
    """The team was deleted."""

    message = gettext_noop("The team of this invitation was deleted.")


class AlreadyMember(NotPossible):
    """The person is in the team. The invitation stays as it is."""

    message = gettext_noop("You are in the team “%(team)s” already. The invitation was not used up.")


class UserNameTaken(NotPossible):
    """Somebody took the user name a moment ago."""

    message = gettext_noop("Somebody has this user name already: choose another one.")


class NoHeir(NotPossible):
    """The person is in no team that has the credential."""

    message = gettext_noop("A credential goes only to a member of a team that it is shared with.")


class LabelTaken(NotPossible):
    """The new owner has a credential with this label."""

    message = gettext_noop(
        "%(person)s has a credential with the label “%(label)s” already. Nothing was handed over: one of the two "
        "has to be removed first."
    )


class LoginTaken(NotPossible):
    """The new owner has a credential for this login."""

    message = gettext_noop(
        "%(person)s has a credential for the user name %(username)s at “%(registry)s” already. Nothing was handed "
        "over."
    )


class LastAdministrator(NotPossible):
    """Nobody could administrate the installation."""

    message = gettext_noop(
        "%(person)s is the last active administrator: make another person one first (active, staff and superuser)."
    )
