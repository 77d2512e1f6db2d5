"""Signers: what signs with a private key, in this process or out of sight."""

from typing import TYPE_CHECKING, ClassVar, Protocol, Self

from skillpassport.vc.keys.ed25519 import ED25519, sign_ed25519
from skillpassport.vc.keys.ed25519 import KEY_BYTES as ED25519_BYTES
from skillpassport.vc.keys.elliptic import CURVES, P256, compressed_point, curve_of, scheme_of
from skillpassport.vc.keys.public_key import PublicKey
from skillpassport.vc.keys.refusal import KeyRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer(Protocol):
    """Signs with a key that the caller never sees: a file, a token, a remote service."""

    @property
    def algorithm(self) -> str:
        """The algorithm of the key, for instance `Ed25519`."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over the data as it is, without further hashing by the caller."""
        ...


class LocalSigner(Signer, Protocol):
    """A signer whose private key lies in this process and can be kept under another key."""

    @property
    def private_bytes(self) -> bytes:
        """The octets to be kept under another key; never to be logged or answered."""
        ...


class Ed25519Signer:
    """An Ed25519 key in this process."""

    algorithm: ClassVar[str] = ED25519
    __slots__ = ("_seed", "public_key")

    def __init__(self, private_key: "Ed25519PrivateKey") -> None:
        self._seed = private_key.private_bytes_raw()
        self.public_key: PublicKey = PublicKey(ED25519, private_key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """Return a signer with a new key from the operating system's randomness."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_private_bytes(cls, seed: bytes) -> Self:
        """Return the signer of a 32-octet private key (RFC 8032, section 5.1.5).

        Raises: KeyRefused
        """
        if len(seed) != ED25519_BYTES:
            raise KeyRefused("a private key of 32 octets", f"{len(seed)} octets")
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def private_bytes(self) -> bytes:
        """The 32 octets to be kept under another key; never to be logged or answered."""
        return self._seed

    def sign(self, data: bytes) -> bytes:
        """Return the 64-octet signature over the data."""
        return sign_ed25519(self._seed, self.public_key.raw, data)


class EcdsaSigner:
    """A P-256 or P-384 key in this process; it signs deterministically (RFC 6979)."""

    __slots__ = ("_private_key", "algorithm", "public_key")

    def __init__(self, private_key: "EllipticCurvePrivateKey", algorithm: str = P256) -> None:
        """Take a key that lies on the curve of this name."""
        self._private_key = private_key
        self.algorithm: str = algorithm
        curve, numbers = CURVES[algorithm], private_key.public_key().public_numbers()
        point = compressed_point(
            curve, numbers.x.to_bytes(curve.size), numbers.y.to_bytes(curve.size)
        )
        self.public_key: PublicKey = PublicKey(algorithm, point)

    @classmethod
    def generate(cls, algorithm: str = P256) -> Self:
        """Return a signer with a new key from the operating system's randomness."""
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

        return cls(ec.generate_private_key(curve_of(algorithm)), algorithm)

    @classmethod
    def from_private_bytes(cls, scalar: bytes, algorithm: str = P256) -> Self:
        """Return the signer of a private number, big-endian and of the curve's size.

        Raises: KeyRefused
        """
        size = CURVES[algorithm].size
        if len(scalar) != size:
            raise KeyRefused(f"a private key of {size} octets", f"{len(scalar)} octets")
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

        try:
            key = ec.derive_private_key(int.from_bytes(scalar), curve_of(algorithm))
        except ValueError as error:
            raise KeyRefused(f"a private key of {algorithm}", "a number out of range") from error
        return cls(key, algorithm)

    @property
    def private_bytes(self) -> bytes:
        """The private number to be kept under another key; never to be logged or answered."""
        number = self._private_key.private_numbers().private_value
        return number.to_bytes(CURVES[self.algorithm].size)

    def sign(self, data: bytes) -> bytes:
        """Return r and s of the signature side by side, each of the curve's size (RFC 4754)."""
        from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415
            decode_dss_signature,
        )

        r, s = decode_dss_signature(self._private_key.sign(data, scheme_of(self.algorithm)))
        size = CURVES[self.algorithm].size
        return r.to_bytes(size) + s.to_bytes(size)


def generate_signer(algorithm: str) -> LocalSigner:
    """Return a signer with a new key of the algorithm: `Ed25519`, `P-256` or `P-384`.

    Raises: KeyRefused
    """
    _check_signs(algorithm)
    return Ed25519Signer.generate() if algorithm == ED25519 else EcdsaSigner.generate(algorithm)


def signer_from_private_bytes(algorithm: str, private_bytes: bytes) -> LocalSigner:
    """Return the signer of a key that was kept as `LocalSigner.private_bytes`.

    Raises: KeyRefused
    """
    _check_signs(algorithm)
    if algorithm == ED25519:
        return Ed25519Signer.from_private_bytes(private_bytes)
    return EcdsaSigner.from_private_bytes(private_bytes, algorithm)


def _check_signs(algorithm: str) -> None:
    if algorithm != ED25519 and algorithm not in CURVES:
        raise KeyRefused("Ed25519, P-256 or P-384 to sign with", "another algorithm")
