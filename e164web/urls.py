"""Addresses. They are part of what users and programs rely on: add, never rename."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.views.generic import RedirectView

from e164web.administration import confirming
from e164web.readiness import readyz

# The admin's own sign-in page has no rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.admin_view = confirming(admin.site.admin_view)  # type: ignore[method-assign,assignment]
# Addresses, factors and sessions are their people's own, groups mean nothing here, and providers come from the
# environment: an index with them misleads. Whoever could write identities here could sign in as anybody.
admin.site.unregister([Authenticator, EmailAddress, Group, SocialAccount, SocialApp, SocialToken, UserSession])

urlpatterns = [
    path("readyz", readyz, name="readyz"),
    # First, since all of it is below one path: programs ask most often.
    path("", include("dashboard.api.urls")),
    path("", include("dashboard.web.urls")),
    path("", include("dashboard.registry.urls")),
    path("accounts/", include("e164web.sign_in.urls")),
    # Nor has its form for another password.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]
