"""One message to many: handed in over several connections, and never twice to anybody."""
