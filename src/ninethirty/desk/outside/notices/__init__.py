"""A word to users, on one channel each."""
