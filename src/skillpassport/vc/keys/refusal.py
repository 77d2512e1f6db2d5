"""The one error of keys that cannot be used."""

from skillpassport.errors import SkillPassportError


class KeyRefused(SkillPassportError):
    """The key is malformed, weak, or of an algorithm that is not read here."""

    code = "key-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Publish another key.")
