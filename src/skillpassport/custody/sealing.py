"""Encryption of small things at rest: AES-256-GCM (NIST SP 800-38D), with its place bound in.

A sealed value names the form it is in, so that another cipher can follow without guessing:
one octet of version, twelve octets of nonce, the ciphertext, sixteen octets of tag.

Nonces are random. With one key that is safe for 2^32 values (SP 800-38D, section 8.3); a key here
seals the things of one organisation or one person, far fewer.
"""

import base64
import hmac
import secrets
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from skillpassport.errors import SkillPassportError

KEY_BYTES: Final = 32

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_DOMAIN: Final = "skillpassport"


class SealBroken(SkillPassportError):
    """A sealed value does not open: altered, moved from its place, or sealed under another key."""

    code = "seal-broken"

    def __init__(self) -> None:
        super().__init__(
            "Expected a value sealed under this key for this place, found one that does not open; "
            "restore it from a backup, or give the master key that it was sealed under."
        )


def new_key() -> bytes:
    """Return a fresh key of 32 octets from the operating system's randomness."""
    return secrets.token_bytes(KEY_BYTES)


def seal(
    key: bytes,
    plaintext: bytes,
    *,
    context: str,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """Return the plaintext encrypted and bound to its place.

    context: where the value belongs (`signing-key:<id>`); the same text is needed to open it, so
        that a value copied to another row does not open there
    random: source of the nonce, replaced in tests of the form alone
    Returns: 29 octets more than the plaintext
    """
    nonce = random(_NONCE_BYTES)
    return _VERSION + nonce + _cipher(key).encrypt(nonce, plaintext, _associated(context))


def open_sealed(key: bytes, sealed: bytes, *, context: str) -> bytes:
    """Return the plaintext of a sealed value.

    Raises: SealBroken
    """
    cipher = _cipher(key)
    if len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
        raise SealBroken
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, ciphertext, _associated(context))
    except InvalidTag as error:
        raise SealBroken from error


def derive(key: bytes, purpose: str) -> bytes:
    """Return a key of 32 octets for one purpose, which tells nothing about its parent.

    One key for one use: a key that seals is never the key that blinds.
    Source: RFC 5869, with SHA-256, no salt, and the purpose as `info`
    """
    _check_length(key)
    info = f"{_DOMAIN}:{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def blind(key: bytes, text: str) -> str:
    """Return a tag under which a text is found again but not read: HMAC-SHA-256 in base64url.

    The same text under the same key gives the same tag; without the key a guess cannot be tried.

    Returns: 43 characters, without padding
    Source: RFC 2104
    """
    _check_length(key)
    tag = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(tag).rstrip(b"=").decode("ascii")


def _cipher(key: bytes) -> AESGCM:
    _check_length(key)
    return AESGCM(key)


def _check_length(key: bytes) -> None:
    # AESGCM would take 16 octets as well and silently be AES-128.
    if len(key) != KEY_BYTES:
        raise ValueError(f"A key has {KEY_BYTES} octets, found {len(key)}; use new_key().")


def _associated(context: str) -> bytes:
    return f"{_DOMAIN}:sealed:{context}".encode()
