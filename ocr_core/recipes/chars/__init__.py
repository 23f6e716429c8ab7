"""Recipe `chars`: reads pictures of single characters, 0-9, A-Z and a-z."""
