"""Badges: pictures with a credential baked in, as Open Badges pass from hand to hand.

Follows Open Badges 3.0, section 5.3 (Baked Badge), and 2.0's baking for naming what is older. The
picture itself is never decoded: only its containers are read, within bounds.
"""

from typing import Final

from skillpassport.errors import SkillPassportError

MAX_BADGE_BYTES: Final = 5 * 1024 * 1024
"""Of the whole picture; the credential in it may be as large as any other."""


PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
"""How a PNG image begins (PNG, section 5.2)."""


class BadgeImageRefused(SkillPassportError):
    """The picture is damaged, or not of the form in which badges are baked."""

    code = "badge-image-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected}; found {found}. Ask for the badge again, or for the credential "
            "without a picture."
        )
