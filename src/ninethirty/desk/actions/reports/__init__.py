"""A breach's way from the first word to the register, one module per verb."""
