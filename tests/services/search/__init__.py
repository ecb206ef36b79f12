"""Tests of what searches the mirror."""
