"""The site's addresses and the registry's own, whether or not the site offers it."""

from django.urls import include, path

from e164web.urls import urlpatterns as site

urlpatterns = [path("", include("dashboard.registry.urls")), *site]
