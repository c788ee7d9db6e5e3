"""Waking a person."""
