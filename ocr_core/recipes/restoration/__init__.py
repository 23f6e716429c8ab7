"""Teaches a restorer what worn lines looked like before they were worn."""
