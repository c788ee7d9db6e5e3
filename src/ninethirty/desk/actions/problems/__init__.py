"""The operator's side: one fault of a platform, and everybody it hit."""
