"""Places that cannot compare clocks: staged before T, made public at T, read back."""
