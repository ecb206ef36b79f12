"""Tests of the templates and styles."""
