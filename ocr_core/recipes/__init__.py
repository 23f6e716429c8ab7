"""Small networks that users train for themselves: settings, data, training and a command each."""
