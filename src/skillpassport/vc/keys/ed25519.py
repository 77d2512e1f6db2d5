"""Ed25519 public keys: 32 octets, in the one canonical form, not of small order (RFC 8032)."""

from functools import lru_cache
from hashlib import sha256
from typing import Final

from skillpassport.vc.keys.refusal import KeyRefused

ED25519: Final = "Ed25519"
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
MAX_REMEMBERED: Final = 2048
"""Signatures, each some two hundred octets: the credentials that are shown again and again."""

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


def verify_ed25519(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether the key made the signature over exactly this data.

    libsodium accepts nothing that OpenSSL refuses, takes half the time, and refuses points of small
    order in the signature as well. A signature that held once is remembered, by the digest of all
    three; whether the key may still be used is not asked here.
    """
    if len(signature) != SIGNATURE_BYTES or len(raw) != KEY_BYTES:
        return False
    held = _memory_of(sha256(b"".join((raw, signature, data))).digest())
    if not held and _holds(raw, signature, data):
        held.append(True)
    return bool(held)


@lru_cache(maxsize=MAX_REMEMBERED)
def _memory_of(_digest: bytes) -> list[bool]:
    """Return the place, empty at first, where it is noted that a signature held."""
    return []


def _holds(raw: bytes, signature: bytes, data: bytes) -> bool:
    # Loaded when the first signature comes: it is a third of the library's import time.
    from nacl.bindings import crypto_sign_open  # noqa: PLC0415
    from nacl.exceptions import BadSignatureError  # noqa: PLC0415

    try:
        crypto_sign_open(signature + data, raw)
    except BadSignatureError:
        return False
    return True


def sign_ed25519(seed: bytes, raw: bytes, data: bytes) -> bytes:
    """Return the signature over the data.

    seed: the private key of RFC 8032, section 5.1.5
    raw: the public key that belongs to it; with another one the signature would tell the private key
    """
    from nacl.bindings import crypto_sign  # noqa: PLC0415

    return crypto_sign(data, seed + raw)[:SIGNATURE_BYTES]
