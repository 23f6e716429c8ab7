"""The text layer of PDFs: whether a page's own words can stand for what is printed on it."""
