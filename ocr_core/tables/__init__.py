"""Tables of a page: where they are, and which words stand in which cell."""
