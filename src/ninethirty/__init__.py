"""Official statistics, public at the promised instant; answered and accounted for when not."""
