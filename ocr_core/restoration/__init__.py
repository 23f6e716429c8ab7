"""Worn lines of text made legible again, by a small diffusion model."""
