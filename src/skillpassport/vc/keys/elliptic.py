"""ECDSA public keys on P-256 and P-384: points on the curve, signatures as r and s side by side.

Follows FIPS 186-5 and SEC 1; each curve goes with the hash of its strength, as RFC 7518 section 3.4
(ES256, ES384) and the ECDSA cryptosuites have it. A signature is the IEEE P1363 form of RFC 4754,
section 7: r and s of equal length. The DER form is another length and does not hold. Both s and its
negative hold, since neither JOSE nor the cryptosuites ask for the smaller one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from skillpassport.vc.keys.refusal import KeyRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

P256: Final = "P-256"
P384: Final = "P-384"

_EVEN, _ODD = b"\x02", b"\x03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A short Weierstrass curve y² = x³ - 3x + b over a prime field (SP 800-186, section 3.2.1).

    size: octets of a coordinate, and of each half of a signature
    hash_name: as `hashlib` spells the hash that the curve goes with
    """

    name: str
    size: int
    prime: int
    b: int
    hash_name: str

    def contains(self, x: int, y: int) -> bool:
        """Return whether an affine point lies on the curve, its coordinates being in range."""
        if not (0 <= x < self.prime and 0 <= y < self.prime):
            return False
        return (y * y - (x * x * x - 3 * x + self.b)) % self.prime == 0


CURVES: Mapping[str, Curve] = MappingProxyType(
    {
        P256: Curve(
            name=P256,
            size=32,
            prime=2**256 - 2**224 + 2**192 + 2**96 - 1,
            b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
            hash_name="sha256",
        ),
        P384: Curve(
            name=P384,
            size=48,
            prime=2**384 - 2**128 - 2**96 + 2**32 - 1,
            b=int(
                "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D"
                "8A2ED19D2A85C8EDD3EC2AEF",
                16,
            ),
            hash_name="sha384",
        ),
    }
)


def compressed_point(curve: Curve, x: bytes, y: bytes) -> bytes:
    """Return the compressed form of a point that is given by its coordinates.

    x, y: big-endian, of exactly the curve's size
    Raises: KeyRefused
    Source: SEC 1, section 2.3.3; RFC 7518, sections 6.2.1.2 and 6.2.1.3
    """
    if len(x) != curve.size or len(y) != curve.size:
        raise KeyRefused(f"coordinates of {curve.size} octets", "another length")
    # A point off the curve lies on a weaker one, where few guesses reveal what it is used with.
    if not curve.contains(int.from_bytes(x), int.from_bytes(y)):
        raise KeyRefused(f"a point on {curve.name}", "one that is not on it")
    return (_ODD if y[-1] & 1 else _EVEN) + x


def coordinates(algorithm: str, raw: bytes) -> tuple[bytes, bytes]:
    """Return x and y of a compressed point, big-endian and of the curve's size."""
    size = CURVES[algorithm].size
    numbers = load_point(algorithm, raw).public_numbers()
    return numbers.x.to_bytes(size), numbers.y.to_bytes(size)


def check_point(algorithm: str, raw: bytes) -> None:
    """Refuse what is not the compressed form of a point on the curve.

    Raises: KeyRefused
    """
    curve = CURVES[algorithm]
    if len(raw) != 1 + curve.size or raw[:1] not in (_EVEN, _ODD):
        raise KeyRefused(
            f"a compressed point of {curve.name}", f"{len(raw)} octets or another form"
        )
    load_point(algorithm, raw)


@lru_cache(maxsize=1024)
def load_point(algorithm: str, raw: bytes) -> "ec.EllipticCurvePublicKey":
    """Return the key object of a compressed point; taking its square root costs a signature check.

    Raises: KeyRefused for an x beyond the prime or without a point on the curve
    """
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve_of(algorithm), raw)
    except ValueError as error:
        raise KeyRefused(f"a point on {algorithm}", "one that is not on it") from error


def verify_ecdsa(algorithm: str, raw: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether the key made the signature, r and s side by side, over exactly this data."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415
        encode_dss_signature,
    )

    size = CURVES[algorithm].size
    if len(signature) != 2 * size:
        return False
    r, s = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
    try:
        load_point(algorithm, raw).verify(encode_dss_signature(r, s), data, scheme_of(algorithm))
    except InvalidSignature:  # also for r or s of zero, or at the order and beyond
        return False
    return True


def curve_of(algorithm: str) -> "ec.EllipticCurve":
    """Return the curve as `cryptography` names it."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    return ec.SECP256R1() if algorithm == P256 else ec.SECP384R1()


@lru_cache(maxsize=2)
def scheme_of(algorithm: str) -> "ec.ECDSA":
    """Return ECDSA with the curve's hash, signing deterministically (RFC 6979)."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    digest = hashes.SHA256() if algorithm == P256 else hashes.SHA384()
    return ec.ECDSA(digest, deterministic_signing=True)
