"""What the server answers to: one file for each group of addresses."""
