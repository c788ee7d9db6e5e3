"""What other people decide about days: bank holidays."""
