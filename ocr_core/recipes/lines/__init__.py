"""Labelled lines: a recogniser for them, from the shipped weights or from nothing."""
