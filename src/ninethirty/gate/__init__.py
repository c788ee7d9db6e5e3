"""Serves sealed bytes when the core says so. Files and one index on disk; no desk, no Django."""
