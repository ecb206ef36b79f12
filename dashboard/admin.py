"""What administrators do for the dashboard: look after people and teams, and allow registries.

They see who is in which team, and no numbers and records.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db import admin as _of_tasks  # noqa: F401 -- before it is taken off again
from django_tasks_db.models import DBTaskResult

from dashboard import access
from dashboard.models import Membership, Registry, Role, Team, User
from dashboard.services import people, second_factors, zones
from dashboard.services.sentences import say

admin.site.site_header = admin.site.site_title = "e164web"
admin.site.index_title = _("Administration")
# Arguments and traces of tasks say nothing to people; refreshes and jobs have pages of their own.
admin.site.unregister(DBTaskResult)

if TYPE_CHECKING:
    PersonForm_ = UserChangeForm[User]
    PersonAdmin_ = UserAdmin[User]
    TeamAdmin_ = admin.ModelAdmin[Team]
    Members_ = admin.TabularInline[Membership, Team]
    Formset_ = forms.BaseModelFormSet[Membership, forms.ModelForm[Membership]]
    MemberFormset_ = forms.BaseInlineFormSet[Membership, Team, forms.ModelForm[Membership]]
    TeamForm_ = forms.ModelForm[Team]
    RegistryAdmin_ = admin.ModelAdmin[Registry]
    Fields_ = list[str | list[str] | tuple[str, ...] | tuple[()]]
else:
    PersonForm_, PersonAdmin_, RegistryAdmin_, Fields_ = UserChangeForm, UserAdmin, admin.ModelAdmin, list
    TeamAdmin_, Members_, Formset_ = admin.ModelAdmin, admin.TabularInline, forms.BaseModelFormSet
    MemberFormset_, TeamForm_ = forms.BaseInlineFormSet, forms.ModelForm

# What the admin's page of deletion shows: what goes, how many of each kind, rights that lack, and what forbids it.
Deletion = tuple[list[str], dict[str, int], set[str], list[str]]


class PersonForm(PersonForm_):
    """A person who exists. The last administrator stays one."""

    def clean(self) -> dict[str, Any]:
        """Refuse what would leave nobody to administrate. Raises ValidationError."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not all(cleaned.get(name) for name in ("is_active", "is_staff", "is_superuser")):
            try:
                people.insist_on_another_administrator(self.instance)
            except people.LastAdministrator as problem:
                raise forms.ValidationError(say(problem), code="last") from None
        return cleaned


@admin.register(User)
class PersonAdmin(PersonAdmin_):
    """People: their password, and whether they may administrate. Each is deleted with a question."""

    form = PersonForm
    delete_confirmation_template = "admin/delete_in_sentences.html"
    list_display = ("username", "first_name", "last_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    actions = ("remove_factors",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )

    @admin.action(description=_("Remove second factors"), permissions=["change"])
    def remove_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """Let people in who lost theirs; asks first."""
        if request.POST.get("confirmed") != "yes":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Remove second factors?"),
                "people": chosen,
            }
            return render(request, "admin/dashboard/user/remove_factors.html", context)
        by = _administrator(request)
        removed = sum(bool(second_factors.remove_all(person, by=by, words="admin")) for person in chosen)
        sentence = ngettext(
            "%(number)d person has no second factor any more.",
            "%(number)d people have no second factor any more.",
            removed,
        )
        self.message_user(request, sentence % {"number": removed})
        return None

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Several at once are not offered: what becomes of each is to be read first."""
        return super().has_delete_permission(request, obj) and obj is not None

    def get_deleted_objects(self, objs: Iterable[User], request: HttpRequest) -> Deletion:
        """What becomes of what they have, in sentences; and what forbids it."""
        said = [sentence for person in objs for sentence in _goes_with(person)]
        return said, {}, set(), [say(reason) for person in objs for reason in people.reasons_to_stay(person)]

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete a person."""
        people.delete_person(_administrator(request), obj)

    def save_model(self, request: HttpRequest, obj: User, form: PersonForm, change: bool) -> None:
        """Somebody must be kept out at once even where they alone manage a team, which is said."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            for team in people.teams_without(obj):
                text = gettext("“%(team)s” has no active manager now: make another member one, below Teams.")
                messages.warning(request, text % {"team": team.name})


def _goes_with(person: User) -> list[str]:
    goes = people.belongings(person)
    said = [
        gettext("The credential “%(label)s” and its sealed password are deleted; its teams lose it: %(teams)s.")
        % {"label": each.label, "teams": ", ".join(share.team.name for share in each.shares.all()) or "–"}
        for each in goes.own
    ]
    if goes.own:
        text = gettext(
            "Of what was done with their credentials each person then sees only their own changes in the history, "
            "and nobody those of “%(person)s”."
        )
        said.append(text % {"person": person})
    said += [gettext("They leave the team “%(team)s”.") % {"team": each.team.name} for each in goes.memberships]
    if goes.token_count:
        text = ngettext(
            "%(count)d token works no longer, at once.", "%(count)d tokens work no longer, at once.", goes.token_count
        )
        said.append(text % {"count": goes.token_count})
    if goes.invitations:
        text = ngettext(
            "%(count)d open invitation that they made works no longer.",
            "%(count)d open invitations that they made work no longer.",
            goes.invitations,
        )
        said.append(text % {"count": goes.invitations})
    kept = ngettext(
        "The history keeps %(count)d change that they made, under the name “%(person)s”.",
        "The history keeps %(count)d changes that they made, under the name “%(person)s”.",
        goes.writes,
    )
    said.append(kept % {"count": goes.writes, "person": person})
    said.append(gettext("Numbers and records at registries stay as they are. Their sessions end at once."))
    return said


class MemberFormset(MemberFormset_):
    """The roles of a team's members, which are given all at once."""

    def clean(self) -> None:
        """Refuse what would leave nobody to manage the team. Raises ValidationError."""
        super().clean()
        if any(self.errors) or not self.has_changed():
            return
        roles = {form.instance.pk: Role(form.cleaned_data["role"]) for form in self.initial_forms}
        try:
            people.insist_on_a_manager(self.instance, roles)
        except people.LastManager as problem:
            raise forms.ValidationError(say(problem), code="last") from None


class Members(Members_):
    """Who is in a team. Nobody is brought in here, an administrator least of all: that takes an invitation."""

    model = Membership
    formset = MemberFormset
    fields = ("user", "role")
    readonly_fields = ("user",)
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """Members come by invitations."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """Roles are the managers' business, as long as there is one."""
        return super().has_change_permission(request, obj) and obj is not None and people.is_unmanaged(obj)


@admin.register(Team)
class TeamAdmin(TeamAdmin_):
    """Teams: who is in them. Members make them and look after them.

    An administrator may end one, and gives roles where no active manager is left to do so.
    """

    list_display = ("name", "its_members")
    search_fields = ("name",)
    fields = readonly_fields = ("name",)
    inlines = (Members,)
    delete_confirmation_template = "admin/delete_in_sentences.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever makes a team manages it, on the team's pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """Only where nobody else can."""
        return super().has_change_permission(request, obj) and obj is not None and people.is_unmanaged(obj)

    def save_formset(self, request: HttpRequest, form: TeamForm_, formset: Formset_, change: bool) -> None:
        """Give members the roles that were chosen."""
        roles = {member.pk: Role(member.role) for member in formset.save(commit=False)}
        if roles:
            people.change_roles_as_administrator(_administrator(request), form.instance, roles)

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """Several at once are not offered: what becomes of each is to be read first."""
        return super().has_delete_permission(request, obj) and obj is not None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """The teams, with how many members each has."""
        return super().get_queryset(request).annotate(count=Count("memberships"))

    @admin.display(description=_("Members"))
    def its_members(self, team: Team) -> int:
        """How many there are."""
        return int(getattr(team, "count"))  # noqa: B009 -- as it is annotated

    def get_deleted_objects(self, objs: Collection[Team], request: HttpRequest) -> Deletion:
        """What becomes of members and shares, in sentences.

        The teams are locked first, as by their members: the admin notes a deletion before it deletes.
        """
        said = []
        access.lock_teams(team.pk for team in objs)
        for team in objs:
            members = team.memberships.select_related("user")
            said += [gettext("%(person)s loses what the team shares.") % {"person": each.user} for each in members]
            shares = team.shares.select_related("credential")
            said += [gettext("“%(label)s” stays with its owner.") % {"label": each.credential} for each in shares]
        said.append(gettext("Its open invitations work no longer. Credentials, records and history stay."))
        return said, {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        """End a team."""
        people.delete_as_administrator(_administrator(request), obj)


def _administrator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- nobody else gets here
    return request.user


@admin.register(Registry)
class RegistryAdmin(RegistryAdmin_):
    """Registries: where secrets may be sent is decided here, and who is asked what the DNS says."""

    list_display = ("name", "url", "published_below", "is_enabled")
    list_filter = ("is_enabled",)
    search_fields = ("name", "url", "suffix")

    def get_fields(self, request: HttpRequest, obj: Registry | None = None) -> Fields_:
        """The embedded registry has a zone of its own, which says where it publishes and who answers for it."""
        of_embedded = ["published_below"] if obj is not None and obj.is_embedded else ["suffix", "name_servers"]
        return ["name", "url", "ca_bundle", "is_enabled", *of_embedded]

    def get_readonly_fields(self, request: HttpRequest, obj: Registry | None = None) -> tuple[str, ...]:
        """What is only shown."""
        return ("published_below",) if obj is not None and obj.is_embedded else ()

    @admin.display(description=_("Suffix"), ordering="suffix")
    def published_below(self, registry: Registry) -> str:
        """Where it publishes."""
        return zones.suffix_of(registry)
