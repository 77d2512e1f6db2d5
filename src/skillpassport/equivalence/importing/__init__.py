"""Bringing statements about comparability into the registry, from files."""
