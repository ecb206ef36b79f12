"""The registry's one address."""

from django.urls import path

from dashboard.registry import views

urlpatterns = [path("e164/api", views.api, name="registry_api")]
