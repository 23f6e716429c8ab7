"""How a page is read, shown: what every stage makes of it, in pictures and figures."""
