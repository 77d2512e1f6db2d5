"""RSA public keys, to verify what others signed with RS256 or PS256; nothing is signed with RSA.

Follows RFC 8017 and RFC 7518, sections 3.3, 3.5 and 6.3. European seals and older wallets use RSA;
our own keys are on elliptic curves.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from skillpassport.vc.keys.refusal import KeyRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

RSA: Final = "RSA"

MIN_BITS: Final = 2048
"""RFC 7518, section 3.3: "A key of size 2048 bits or larger MUST be used"."""

MAX_BITS: Final = 8192
"""A stranger chooses the key that we compute with: the cost grows with the square of this."""

_MIN_EXPONENT = 1 << 16
_MAX_EXPONENT = 1 << 32
_SALT_BYTES = 32


def rsa_raw(modulus: bytes, exponent: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo (DER) of a modulus and an exponent.

    modulus, exponent: big-endian, without leading zero octets (Base64urlUInt)
    Raises: KeyRefused
    """
    if modulus[:1] in (b"", b"\x00") or exponent[:1] in (b"", b"\x00"):
        raise KeyRefused("an RSA modulus and exponent without leading zeros", "another form")
    n, e = int.from_bytes(modulus), int.from_bytes(exponent)
    _check_numbers(n, e)
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers  # noqa: PLC0415

    try:
        return _spki(RSAPublicNumbers(e, n).public_key())
    except ValueError as error:
        raise KeyRefused("an RSA key", "impossible numbers") from error


def rsa_numbers(raw: bytes) -> tuple[bytes, bytes]:
    """Return modulus and exponent, big-endian without leading zeros."""
    numbers = _loaded(raw).public_numbers()
    return _octets(numbers.n), _octets(numbers.e)


def check_rsa(raw: bytes) -> None:
    """Refuse what is not the one DER form of an RSA key of a usable size.

    Raises: KeyRefused
    """
    if len(raw) > MAX_BITS // 4:
        raise KeyRefused(f"an RSA key of at most {MAX_BITS} bits", "a larger one")
    key = _loaded(raw)
    numbers = key.public_numbers()
    _check_numbers(numbers.n, numbers.e)
    if _spki(key) != raw:
        raise KeyRefused("the canonical form of an RSA key", "a second spelling of one")


def verify_pkcs1(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether an RSASSA-PKCS1-v1_5 signature with SHA-256 holds (RS256)."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415

    return _verify(raw, signature, data, PKCS1v15())


def verify_pss(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether an RSASSA-PSS signature with SHA-256 and a salt of 32 octets holds (PS256)."""
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    return _verify(raw, signature, data, PSS(MGF1(SHA256()), _SALT_BYTES))


def _verify(raw: bytes, signature: bytes, data: bytes, padding: object) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    assert isinstance(padding, AsymmetricPadding)  # noqa: S101 - narrows a lazily loaded type
    try:
        _loaded(raw).verify(signature, data, padding, SHA256())
    except InvalidSignature:
        return False
    return True


def _octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


def _check_numbers(n: int, e: int) -> None:
    if not MIN_BITS <= n.bit_length() <= MAX_BITS:
        raise KeyRefused(
            f"an RSA key of {MIN_BITS} to {MAX_BITS} bits", f"one of {n.bit_length()} bits"
        )
    # FIPS 186-5, section 5.4, asks for an odd exponent above 2^16; below it, sloppy padding on the
    # signing side has let signatures be forged by hand.
    if not (_MIN_EXPONENT < e < _MAX_EXPONENT and e % 2 and n % 2):
        raise KeyRefused("an odd RSA exponent between 2^16 and 2^32", "another one")


def _spki(key: "RSAPublicKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def _loaded(raw: bytes) -> "RSAPublicKey":
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused("an RSA key in DER", "other octets") from error
    if not isinstance(key, RSAPublicKey):
        raise KeyRefused("an RSA key", "a key of another algorithm")
    return key
