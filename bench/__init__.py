"""Measurements. Never part of a test: machines are noisy, and a bar in a test would be loosened."""
