"""How what was read differs from ground truth, page by page, as pages to look at."""
