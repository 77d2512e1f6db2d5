"""Issuers that are named by a web address: their keys are published where nobody here looks.

Open Badges may name an issuer by an https address, with the key behind that address, in the fragment of
the key's own name, or in the token's header. A signature can then be checked, and shows that nothing was
changed since; that the key is the issuer's stays open.
"""

from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import KeyRefused, PublicKey
from skillpassport.vc.strict_json import JsonValue

_SCHEMES: Final = ("https://", "http://")


class IssuerKeyElsewhere(SkillPassportError):
    """The issuer's key would have to be fetched from an address that is no DID."""

    code = "issuer-key-elsewhere"

    def __init__(self) -> None:
        super().__init__(
            "Expected an issuer whose keys are found by a DID; found a web address, whose keys are "
            "not looked up here, so anyone may have signed. Ask the issuer whether it is theirs."
        )


def is_elsewhere(identifier: str | None) -> bool:
    """Return whether an identifier of an issuer or a key is a web address."""
    return identifier is not None and identifier.startswith(_SCHEMES)


def key_in_fragment(method_id: str) -> PublicKey | None:
    """Return the key that an address carries in its fragment, as 1EdTech's own badges do."""
    try:
        return PublicKey.from_multikey(method_id.partition("#")[2])
    except KeyRefused:
        return None


def key_in_header(jwk: JsonValue) -> PublicKey | None:
    """Return the key that a token brings along; it proves nothing about who signed.

    Source: Open Badges 3.0, section 8.2.4.1
    """
    try:
        return PublicKey.from_jwk(jwk) if isinstance(jwk, dict) else None
    except KeyRefused:
        return None
