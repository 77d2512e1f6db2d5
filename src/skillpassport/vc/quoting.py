"""Texts of strangers inside our own sentences.

A message ends up on a screen, in a terminal and in a log. Direction marks, line breaks and look-alike
letters from a hostile document must not rewrite the sentence around them.
"""

import re

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._:/#+-]")


def quoted(text: str, longest: int = 40) -> str:
    """Return a text for use inside a message: plain ASCII in quotes, cut, the rest as `?`."""
    cut = text if len(text) <= longest else f"{text[:longest]}..."
    return f"'{_NOT_PLAIN.sub('?', cut)}'"
