"""The `skillpassport` command."""

from skillpassport.cli.commands import main

__all__ = ["main"]
