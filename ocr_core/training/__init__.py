"""How the networks learn; nothing outside training imports from here."""
