"""What happens once somebody is signed in through a provider."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialLogin
from django.dispatch import receiver

from dashboard.models import Role, User
from dashboard.services.people.groups import GroupRole, ProviderMap, follow_groups
from e164web.sign_in.oidc.adapter import provider_named
from e164web.sign_in.oidc.configuration import Provider


def map_of(provider: Provider) -> ProviderMap:
    """What the groups of a provider mean."""
    rules = (GroupRole(group=each.group, team=each.team, role=Role(each.role)) for each in provider.teams)
    return ProviderMap(provider=provider.title, roles=tuple(rules), administrators=frozenset(provider.administrators))


@receiver(user_logged_in, dispatch_uid="e164web.sign_in.oidc.follow")
def follow(user: User, sociallogin: SocialLogin | None = None, **kwargs: Any) -> None:
    """Give somebody who has signed in the teams of their groups."""
    if sociallogin is None:
        return
    provider = provider_named(sociallogin.account.provider)
    if provider is not None:
        follow_groups(user, map_of(provider), sociallogin.state.get("groups"))
