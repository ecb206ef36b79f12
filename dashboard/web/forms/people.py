"""Forms about people: teams, members, invitations, shares."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import Credential, Role, Team, User
from dashboard.models.team import MAX_TEAM_NAME
from dashboard.services import people
from dashboard.web.forms.choices import offer

if TYPE_CHECKING:
    AccountForm_ = UserCreationForm[User]
else:
    AccountForm_ = UserCreationForm

MAX_EMAIL = 254  # RFC 3696, erratum 1690; what the database takes
MEMBER_ROLES = [
    (Role.VIEWER, _("viewer: sees numbers, records and history")),
    (Role.EDITOR, _("editor: changes records too")),
    (Role.MANAGER, _("manager: looks after members and what is shared too")),
]
SHARE_ROLES = [
    (Role.VIEWER, _("viewer: every member may only look")),
    (Role.EDITOR, _("editor: editors and managers may change records")),
    (Role.MANAGER, _("manager: each member may what their role in the team says")),
]


class TeamForm(forms.Form):
    """The name of a team."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_TEAM_NAME,
        help_text=_("As its members call it, such as “Office”. No other team may be called so."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ApprovalForm(forms.Form):
    """From which count of numbers on a team wants a second person."""

    approval_above = forms.IntegerField(
        label=_("Second person above"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_(
            "Whoever changes more numbers of a shared credential at once needs the approval of somebody else who may "
            "change records here. Empty for never."
        ),
    )


class RoleForm(forms.Form):
    """What a member may do."""

    role = forms.ChoiceField(label=_("Role"), choices=MEMBER_ROLES)


class InvitationForm(RoleForm):
    """Whom a link is for, and what it makes of them."""

    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=MAX_EMAIL)
    field_order = ["email", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = (
            _("The link is sent there, and shown to you as well.")
            if people.sends_mail()
            else _(
                "A note for the list of open invitations: this server sends no mail. You give the link on yourself."
            )
        )


class AccountForm(AccountForm_):
    """A new account, for whoever was invited and has none."""

    class Meta(UserCreationForm.Meta):
        model = User
        labels = {"username": _("User name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Password (again)")
        self.fields["username"].widget.attrs.pop("autofocus", None)


class ShareForm(forms.Form):
    """With which team, and what its members may do at most."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(None, label=_("Team"), empty_label=None)
    role = forms.ChoiceField(label=_("Right"), choices=SHARE_ROLES, initial=Role.MANAGER)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, team=access.teams(person))


class UnshareForm(forms.Form):
    """Out of which team, of those from which the person may take it."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(None, label=_("Team"), empty_label=None)

    def __init__(self, *args: Any, person: User, credential: Credential, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares = access.shares_to_end(person, credential)
        offer(self, team=Team.objects.filter(pk__in=self.shares.values("team")))


class HandOverForm(forms.Form):
    """Who becomes the owner."""

    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None,
        label=_("New owner"),
        empty_label=_("Choose somebody"),
        help_text=_("Only members of teams that have the credential can be chosen."),
    )

    def __init__(self, *args: Any, credential: Credential, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, person=people.heirs(credential))
