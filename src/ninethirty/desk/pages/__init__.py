"""What the desk answers over HTTP: to witnesses, and to people."""
