"""Bringing files into the registry: what they say is read strictly, and refused with its place."""
