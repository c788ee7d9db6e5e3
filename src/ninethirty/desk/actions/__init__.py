"""One module per verb: it checks that it may, does it, and appends the fact with it."""
