"""Comparing a log with everything that vouches for it, and naming what does not fit."""

from datetime import timedelta
from typing import Final

MAX_DISORDER: Final = timedelta(minutes=10)
"""How much earlier than an entry before it an entry may say it was recorded.

Transactions that run side by side commit in another order than they began; none may last longer.
"""
