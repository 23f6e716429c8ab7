"""Sources opened and drawn in helper processes, which a hostile file cannot get out of."""
