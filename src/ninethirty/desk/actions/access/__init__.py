"""What is done with the list of those who see a release early, and by those on it."""
