"""The tables, their migrations, append() and queries."""
