"""Adapters to services we do not control. Each kind has a port, and a twin that only prints."""
