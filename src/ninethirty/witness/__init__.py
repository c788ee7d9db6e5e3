"""Looks at releases from outside. No database, no Django; goes on while the desk is down."""
