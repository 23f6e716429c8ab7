"""Synthetic pages and lines whose text and geometry are known, to train and to test on."""
