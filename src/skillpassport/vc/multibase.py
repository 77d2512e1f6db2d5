"""Multibase and multicodec, as far as Controlled Identifiers 1.0 (sections 2.4, 2.5) uses them.

Decoding is strict: one text for one byte string, so that two spellings of a key or a signature
cannot pass for two different ones.
"""

import base64
import binascii
import re

from skillpassport.errors import SkillPassportError

BASE58_BTC = "z"
BASE64_URL = "u"

MULTICODEC_ED25519_PUBLIC = b"\xed\x01"
MULTICODEC_ED25519_PRIVATE = b"\x80\x26"

MAX_BASE58_CHARACTERS = 1024
"""Base 58 decodes in quadratic time; keys and signatures stay far below this."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE_OF = {character: value for value, character in enumerate(_ALPHABET)}
_BASE64_URL_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")


class MultibaseInvalid(SkillPassportError):
    """The text is not the multibase or base64url form of any bytes."""

    code = "multibase-invalid"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Copy the whole value again.")


def encode_base58(data: bytes) -> str:
    """Return bytes in the Bitcoin alphabet, without the multibase prefix."""
    number = int.from_bytes(data)
    characters = []
    while number:
        number, value = divmod(number, 58)
        characters.append(_ALPHABET[value])
    leading_zeros = len(data) - len(data.lstrip(b"\x00"))
    return "1" * leading_zeros + "".join(reversed(characters))


def decode_base58(text: str) -> bytes:
    """Return the bytes of a text in the Bitcoin alphabet, without the multibase prefix.

    Raises: MultibaseInvalid
    """
    if len(text) > MAX_BASE58_CHARACTERS:
        raise MultibaseInvalid(f"at most {MAX_BASE58_CHARACTERS} characters", str(len(text)))
    number = 0
    for character in text:
        value = _VALUE_OF.get(character)
        if value is None:
            raise MultibaseInvalid("the base58btc alphabet", "another character")
        number = number * 58 + value
    leading_zeros = len(text) - len(text.lstrip("1"))
    return b"\x00" * leading_zeros + number.to_bytes((number.bit_length() + 7) // 8)


def encode_base64url(data: bytes) -> str:
    """Return bytes as base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Return the bytes of canonical, unpadded base64url.

    Padding, white space, the other alphabet and non-zero spare bits are refused: each would be a
    second spelling of the same bytes.

    Raises: MultibaseInvalid
    Source: RFC 4648, sections 3.5 and 5; RFC 7515, section 2
    """
    if not _BASE64_URL_ALPHABET.match(text):
        raise MultibaseInvalid("the base64url alphabet without padding", "another character")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise MultibaseInvalid("a possible base64url length", f"{len(text)} characters") from error
    if encode_base64url(data) != text:
        raise MultibaseInvalid("zero in the spare bits of base64url", "other bits")
    return data


def encode_multibase58(data: bytes) -> str:
    """Return bytes as multibase base58btc: `z…`."""
    return BASE58_BTC + encode_base58(data)


def decode_multibase58(text: str) -> bytes:
    """Return the bytes of multibase base58btc.

    Raises: MultibaseInvalid
    """
    if not text.startswith(BASE58_BTC):
        raise MultibaseInvalid("multibase base58btc, which starts with 'z'", "another start")
    return decode_base58(text[1:])


def encode_multibase64url(data: bytes) -> str:
    """Return bytes as multibase base64url without padding: `u…`."""
    return BASE64_URL + encode_base64url(data)


def decode_multibase64url(text: str) -> bytes:
    """Return the bytes of multibase base64url without padding.

    Raises: MultibaseInvalid
    """
    if not text.startswith(BASE64_URL):
        raise MultibaseInvalid("multibase base64url, which starts with 'u'", "another start")
    return decode_base64url(text[1:])
