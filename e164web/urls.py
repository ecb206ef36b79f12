"""Addresses. They are part of what users and programs rely on: add, never rename."""

from allauth.account import views as account_views
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

# The admin's own sign-in page has no rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Nobody is asked for an address and groups mean nothing here: an index that offers them misleads.
admin.site.unregister([EmailAddress, Group])

accounts = [
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("signup/", account_views.signup, name="account_signup"),  # closed; allauth wants to name it
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account_views.password_change, name="account_change_password"),
]

urlpatterns = [
    path("", include("dashboard.urls")),
    path("", include("dashboard.registry.urls")),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
]
