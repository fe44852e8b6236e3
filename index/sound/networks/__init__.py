"""The networks that hear: where their weights come from, what they read, what runs them."""
