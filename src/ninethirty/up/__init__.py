"""A first installation on one machine: made in an empty folder, and started whole.

It stands above the rooms, beside the demo: it makes what a person would make by their commands, and
starts them as a person would.
"""
