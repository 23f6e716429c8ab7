"""Reads number plates: five digits as an exercise, and real plates, cut out or on whole cars."""
