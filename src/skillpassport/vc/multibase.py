"""Multibase and multicodec, as far as Controlled Identifiers 1.0 (sections 2.4, 2.5) uses them.

Decoding is strict: one text for one byte string, so that two spellings of a key or a signature
cannot pass for two different ones.
"""

import binascii
import re
from functools import lru_cache

from skillpassport.errors import SkillPassportError

BASE58_BTC = "z"
BASE64_URL = "u"

MULTICODEC_ED25519_PUBLIC = b"\xed\x01"
MULTICODEC_ED25519_PRIVATE = b"\x80\x26"
MULTICODEC_P256_PUBLIC = b"\x80\x24"
MULTICODEC_P256_PRIVATE = b"\x86\x26"
MULTICODEC_P384_PUBLIC = b"\x81\x24"
MULTICODEC_P384_PRIVATE = b"\x87\x26"

MAX_BASE58_CHARACTERS = 1024
"""Base 58 decodes in quadratic time; keys and signatures stay far below this."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NO_DIGIT = 0xFF
_VALUES = bytes(_ALPHABET.find(chr(octet)) % 256 for octet in range(256))
"""For `bytes.translate`: a character's digit, or `_NO_DIGIT`."""

# Division of the whole number is what writing base 58 costs. Four digits at once are less than 2^30,
# with which Python counts fastest.
_DIGITS_AT_ONCE = 4
_POWERS = tuple(58**digits for digits in range(_DIGITS_AT_ONCE + 1))
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_FROM_STANDARD = bytes.maketrans(b"+/", b"-_")
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST_CHARACTERS = {2: frozenset(_DIGITS[::16]), 3: frozenset(_DIGITS[::4])}
"""Of base64url, by how many characters are left over: those with zero in the bits to spare."""

_BASE64_URL_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")


class MultibaseInvalid(SkillPassportError):
    """The text is not the multibase or base64url form of any bytes."""

    code = "multibase-invalid"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Copy the whole value again.")


def encode_base58(data: bytes) -> str:
    """Return bytes in the Bitcoin alphabet, without the multibase prefix."""
    number, pairs = int.from_bytes(data), []
    while number:
        number, digits = divmod(number, _POWERS[4])
        pairs.append(_PAIRS[digits % _POWERS[2]])
        pairs.append(_PAIRS[digits // _POWERS[2]])
    pairs.reverse()
    leading_zeros = len(data) - len(data.lstrip(b"\x00"))
    return "1" * leading_zeros + "".join(pairs).lstrip("1")


def decode_base58(text: str) -> bytes:
    """Return the bytes of a text in the Bitcoin alphabet, without the multibase prefix.

    Raises: MultibaseInvalid
    """
    if len(text) > MAX_BASE58_CHARACTERS:
        raise MultibaseInvalid(f"at most {MAX_BASE58_CHARACTERS} characters", str(len(text)))
    digits = text.encode(errors="replace").translate(_VALUES)
    if _NO_DIGIT in digits:
        raise MultibaseInvalid("the base58btc alphabet", "another character")
    # Neighbours are joined to digits of twice the size, all pairs of the number at once: in seven
    # steps instead of a hundred.
    number, bits = int.from_bytes(digits), 8
    while bits < 8 * len(digits):
        lower, power = _joining(bits, len(digits))
        number = (number >> bits & lower) * power + (number & lower)
        bits *= 2
    leading_zeros = len(text) - len(text.lstrip("1"))
    return b"\x00" * leading_zeros + number.to_bytes((number.bit_length() + 7) // 8)


@lru_cache(maxsize=256)
def _joining(bits: int, octets: int) -> tuple[int, int]:
    """Return a mask of every second digit of so many bits, and what the others are worth more."""
    pairs = 8 * octets // (2 * bits) + 1
    ones = ((1 << 2 * bits * pairs) - 1) // ((1 << 2 * bits) - 1)
    return ones * ((1 << bits) - 1), 58 ** (bits // 8)


def encode_base64url(data: bytes) -> str:
    """Return bytes as base64url without padding (RFC 4648, section 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_FROM_STANDARD, b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Return the bytes of canonical, unpadded base64url.

    Padding, white space, the other alphabet and non-zero spare bits are refused: each would be a
    second spelling of the same bytes.

    Raises: MultibaseInvalid
    Source: RFC 4648, sections 3.5 and 5; RFC 7515, section 2
    """
    try:
        octets = text.encode("ascii")
        if not (b"=" in octets or b"+" in octets or b"/" in octets):
            padded = octets.translate(_TO_STANDARD) + b"=" * (-len(octets) % 4)
            data = binascii.a2b_base64(padded, strict_mode=True)
            # The last character alone has spare bits; the rest has one spelling.
            spelled = len(octets) % 4
            if not spelled or octets[-1] in _LAST_CHARACTERS[spelled]:
                return data
    except ValueError as error:  # of which UnicodeEncodeError and binascii.Error are kinds
        _check_alphabet(text)
        raise MultibaseInvalid("a possible base64url length", f"{len(text)} characters") from error
    _check_alphabet(text)
    raise MultibaseInvalid("zero in the spare bits of base64url", "other bits")


def _check_alphabet(text: str) -> None:
    if not _BASE64_URL_ALPHABET.match(text):
        raise MultibaseInvalid("the base64url alphabet without padding", "another character")


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
