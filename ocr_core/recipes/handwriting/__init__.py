"""Handwriting: a recogniser for it, taught on lines drawn in handwriting faces."""
