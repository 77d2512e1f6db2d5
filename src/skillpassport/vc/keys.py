"""Public keys in their two published forms, and the port behind which private keys stay.

Multikey follows Controlled Identifiers 1.0, section 2.2.2; JWK follows RFC 7517 and RFC 8037.
Ed25519 is the only algorithm of this version; others join the tables below.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final, Protocol, Self

from skillpassport.errors import SkillPassportError
from skillpassport.vc.multibase import (
    MULTICODEC_ED25519_PUBLIC,
    MultibaseInvalid,
    decode_base64url,
    decode_multibase58,
    encode_base64url,
    encode_multibase58,
)
from skillpassport.vc.strict_json import JsonObject

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

ED25519: Final = "Ed25519"

_ED25519_KEY_BYTES = 32
_ED25519_SIGNATURE_BYTES = 64
_ED25519_PRIME = 2**255 - 19
_SIGN_BIT = 1 << 255

_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _ED25519_PRIME - 1,
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


class KeyRefused(SkillPassportError):
    """The key is malformed, weak, or of an algorithm that is not read here."""

    code = "key-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Publish another key.")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that has been checked: of the right length, canonical and not of small order.

    raw: for Ed25519 the 32 octets of RFC 8032, section 5.1.2
    """

    algorithm: str
    raw: bytes

    def __post_init__(self) -> None:
        if self.algorithm != ED25519:
            raise KeyRefused("an Ed25519 key", "a key of another algorithm")
        _check_ed25519(self.raw)

    @classmethod
    def from_multikey(cls, text: str) -> "PublicKey":
        """Return the key of a `publicKeyMultibase` (`z6Mk…`).

        Raises: KeyRefused
        """
        return _from_multikey(text)

    @classmethod
    def from_jwk(cls, jwk: JsonObject) -> "PublicKey":
        """Return the key of a public JWK; one with private members is refused.

        Raises: KeyRefused
        Source: RFC 8037, section 2
        """
        if "d" in jwk or "k" in jwk:
            raise KeyRefused("a public JWK", "one with private or symmetric members")
        x = jwk.get("x")
        if jwk.get("kty") != "OKP" or jwk.get("crv") != ED25519 or not isinstance(x, str):
            raise KeyRefused("a JWK with kty OKP, crv Ed25519 and x", "another key")
        try:
            return cls(ED25519, decode_base64url(x))
        except MultibaseInvalid as error:
            raise KeyRefused("x in canonical base64url", "another text") from error

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`."""
        return encode_multibase58(MULTICODEC_ED25519_PUBLIC + self.raw)

    @property
    def jwk(self) -> JsonObject:
        """The key as a JWK with its required members only."""
        return {"kty": "OKP", "crv": ED25519, "x": encode_base64url(self.raw)}

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Return whether this key made the signature over exactly this data."""
        if len(signature) != _ED25519_SIGNATURE_BYTES:
            return False
        return _verify_ed25519(self.raw, signature, data)


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


class Ed25519Signer:
    """A signer whose private key lies in this process."""

    algorithm: ClassVar[str] = ED25519
    __slots__ = ("_private_key", "public_key")

    def __init__(self, private_key: "Ed25519PrivateKey") -> None:
        self._private_key = private_key
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
        if len(seed) != _ED25519_KEY_BYTES:
            raise KeyRefused("a private key of 32 octets", f"{len(seed)} octets")
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def private_bytes(self) -> bytes:
        """The 32 octets to be kept under another key; never to be logged or answered."""
        return self._private_key.private_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Return the 64-octet signature over the data."""
        return self._private_key.sign(data)


def _check_ed25519(raw: bytes) -> None:
    if len(raw) != _ED25519_KEY_BYTES:
        raise KeyRefused("an Ed25519 key of 32 octets", f"{len(raw)} octets")
    y = int.from_bytes(raw, "little") & ~_SIGN_BIT
    if y >= _ED25519_PRIME:
        raise KeyRefused("the canonical form of a point", "a second spelling of one")
    if y in _SMALL_ORDER_Y:
        raise KeyRefused("a point of prime order", "one of small order, for which anyone can sign")


# Parsing a key costs as much as half a signature check; keys come back far more often than not.
@lru_cache(maxsize=1024)
def _from_multikey(text: str) -> PublicKey:
    try:
        data = decode_multibase58(text)
    except MultibaseInvalid as error:
        raise KeyRefused("a Multikey in base58btc", "another text") from error
    if not data.startswith(MULTICODEC_ED25519_PUBLIC):
        raise KeyRefused("a Multikey with the Ed25519 prefix (z6Mk…)", "another prefix")
    return PublicKey(ED25519, data[len(MULTICODEC_ED25519_PUBLIC) :])


# `cryptography` is a third of the library's import time: loaded when the first signature comes.
def _verify_ed25519(raw: bytes, signature: bytes, data: bytes) -> bool:
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
