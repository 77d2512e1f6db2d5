"""Ed25519 public keys: 32 octets, in the one canonical form, not of small order (RFC 8032)."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from skillpassport.vc.keys.refusal import KeyRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519: Final = "Ed25519"
KEY_BYTES: Final = 32

_SIGNATURE_BYTES = 64
_PRIME = 2**255 - 19
_SIGN_BIT = 1 << 255

_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _PRIME - 1,
        int.from_bytes(
            bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            "little",
        ),
        int.from_bytes(
            bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            "little",
        ),
    }
)
"""The y of the eight points whose order divides the cofactor; a test derives them from the curve.

A signature "by" such a key holds for many messages, so it proves nothing (RFC 8032, section 8.9;
Chalkias et al., Taming the many EdDSAs, 2020).
"""


def check_ed25519(raw: bytes) -> None:
    """Refuse what is not the canonical form of a usable point.

    Raises: KeyRefused
    """
    if len(raw) != KEY_BYTES:
        raise KeyRefused(f"an Ed25519 key of {KEY_BYTES} octets", f"{len(raw)} octets")
    y = int.from_bytes(raw, "little") & ~_SIGN_BIT
    if y >= _PRIME:
        raise KeyRefused("the canonical form of a point", "a second spelling of one")
    if y in _SMALL_ORDER_Y:
        raise KeyRefused("a point of prime order", "one of small order, for which anyone can sign")


# `cryptography` is a third of the library's import time: loaded when the first signature comes.
def verify_ed25519(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether the key made the signature over exactly this data."""
    if len(signature) != _SIGNATURE_BYTES:
        return False
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    try:
        _loaded(raw).verify(signature, data)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _loaded(raw: bytes) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    return Ed25519PublicKey.from_public_bytes(raw)
