"""The browser of these tests."""

from tests.support.browser import browser

__all__ = ["browser"]
