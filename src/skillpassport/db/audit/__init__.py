"""Comparing all that the database holds with what vouches for it, for `skillpassport log verify`."""
