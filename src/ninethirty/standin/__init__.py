"""Platforms, networks, desks and a public for drills: on loopback, and wrong only on purpose."""
