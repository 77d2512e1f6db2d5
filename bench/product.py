"""The product as `bench.serving` starts it: settings from the environment."""

from skillpassport.cli.serving import application

__all__ = ["application"]
