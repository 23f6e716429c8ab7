"""Reading as it was done before networks, small: for comparison, and to learn from."""
