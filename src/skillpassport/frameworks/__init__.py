"""Qualification frameworks: their editions, their levels, and who keeps them."""
