"""Choices that depend on who asks."""

from typing import Any

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, **choices: QuerySet[Any]) -> None:
    """Let fields of a form, by their names, be chosen from these rows alone."""
    for name, rows in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker what is declared
        field.queryset = rows
