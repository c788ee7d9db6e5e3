"""The loop that claims and performs due steps."""
