"""Ways in and out of the house: one folder each."""
