"""Addresses. They are part of what users and programs rely on: add, never rename."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

# The admin's own sign-in page has no rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Nobody is asked for an address and groups mean nothing here: an index that offers them misleads.
admin.site.unregister([EmailAddress, Group])

urlpatterns = [
    path("", include("dashboard.urls")),
    path("", include("dashboard.registry.urls")),
    path("accounts/", include("e164web.accounts")),
    path("admin/", admin.site.urls),
]
