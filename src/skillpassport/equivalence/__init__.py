"""What a level means in another framework or country, and what can honestly be said about it."""
