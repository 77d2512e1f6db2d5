"""A public key, read from Multikey or JWK and checked before anything is done with it.

Multikey follows Controlled Identifiers 1.0, section 2.2.2; JWK follows RFC 7517, RFC 7518 section 6
and RFC 8037.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from skillpassport.vc.keys.ed25519 import ED25519, check_ed25519, verify_ed25519
from skillpassport.vc.keys.elliptic import (
    CURVES,
    P256,
    P384,
    check_point,
    compressed_point,
    coordinates,
    verify_ecdsa,
)
from skillpassport.vc.keys.refusal import KeyRefused
from skillpassport.vc.keys.rsa import RSA, check_rsa, rsa_numbers, rsa_raw
from skillpassport.vc.multibase import (
    MULTICODEC_ED25519_PUBLIC,
    MULTICODEC_P256_PUBLIC,
    MULTICODEC_P384_PUBLIC,
    MultibaseInvalid,
    decode_base64url,
    decode_multibase58,
    encode_base64url,
    encode_multibase58,
)
from skillpassport.vc.strict_json import JsonObject

_MULTICODECS: Mapping[str, bytes] = MappingProxyType(
    {
        ED25519: MULTICODEC_ED25519_PUBLIC,
        P256: MULTICODEC_P256_PUBLIC,
        P384: MULTICODEC_P384_PUBLIC,
    }
)

_PRIVATE_MEMBERS = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})
"""Members of private and symmetric keys: RFC 7518, sections 6.2.2, 6.3.2 and 6.4."""

_MAX_MEMBER_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that has been checked: on its curve, canonical, not of small order, large enough.

    algorithm: `Ed25519`, `P-256`, `P-384` or `RSA`
    raw: for Ed25519 the 32 octets of RFC 8032, section 5.1.2; for P-256 and P-384 the compressed
    point (SEC 1, section 2.3.3); for RSA the SubjectPublicKeyInfo in DER
    """

    algorithm: str
    raw: bytes

    def __post_init__(self) -> None:
        if self.algorithm == ED25519:
            check_ed25519(self.raw)
        elif self.algorithm in CURVES:
            check_point(self.algorithm, self.raw)
        elif self.algorithm == RSA:
            check_rsa(self.raw)
        else:
            raise KeyRefused("an Ed25519, P-256, P-384 or RSA key", "a key of another algorithm")

    @classmethod
    def from_multikey(cls, text: str) -> "PublicKey":
        """Return the key of a `publicKeyMultibase` (`z6Mk…`, `zDna…`, `z82L…`).

        Raises: KeyRefused
        """
        return _from_multikey(text)

    @classmethod
    def from_jwk(cls, jwk: JsonObject) -> "PublicKey":
        """Return the key of a public JWK; one with private members is refused.

        Raises: KeyRefused
        Source: RFC 7518, sections 6.2.1 and 6.3.1; RFC 8037, section 2
        """
        if _PRIVATE_MEMBERS & jwk.keys():
            raise KeyRefused("a public JWK", "one with private or symmetric members")
        if jwk.get("use", "sig") != "sig":
            raise KeyRefused("a JWK for signatures", "one for encryption")
        kind, curve = jwk.get("kty"), jwk.get("crv")
        reader = _JWK_READERS.get((kind, curve)) if _are_texts(kind, curve) else None
        if reader is None:
            raise KeyRefused("a JWK with kty OKP, EC or RSA and a curve read here", "another key")
        return reader(jwk)

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`.

        Raises: KeyRefused for RSA, which Controlled Identifiers 1.0 gives no Multikey
        """
        if self.algorithm not in _MULTICODECS:
            raise KeyRefused("a key with a Multikey form", f"an {self.algorithm} key")
        return encode_multibase58(_MULTICODECS[self.algorithm] + self.raw)

    @property
    def jwk(self) -> JsonObject:
        """The key as a JWK with its required members only."""
        if self.algorithm == ED25519:
            return {"kty": "OKP", "crv": ED25519, "x": encode_base64url(self.raw)}
        if self.algorithm == RSA:
            n, e = rsa_numbers(self.raw)
            return {"kty": "RSA", "n": encode_base64url(n), "e": encode_base64url(e)}
        x, y = coordinates(self.algorithm, self.raw)
        members: JsonObject = {"kty": "EC", "crv": self.algorithm}
        return members | {"x": encode_base64url(x), "y": encode_base64url(y)}

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Return whether this key made the signature over exactly this data.

        signature: for ECDSA r and s side by side, over the hash that goes with the curve. An RSA key
        has no such single scheme: see `rsa.verify_pkcs1` and `rsa.verify_pss`.
        """
        if self.algorithm == ED25519:
            return verify_ed25519(self.raw, signature, data)
        return self.algorithm != RSA and verify_ecdsa(self.algorithm, self.raw, signature, data)


# Parsing a key costs as much as half a signature check; keys come back far more often than not.
@lru_cache(maxsize=1024)
def _from_multikey(text: str) -> PublicKey:
    try:
        data = decode_multibase58(text)
    except MultibaseInvalid as error:
        raise KeyRefused("a Multikey in base58btc", "another text") from error
    for algorithm, prefix in _MULTICODECS.items():
        if data.startswith(prefix):
            return PublicKey(algorithm, data[len(prefix) :])
    raise KeyRefused(
        "a Multikey of Ed25519, P-256 or P-384 (z6Mk…, zDna…, z82L…)", "another prefix"
    )


def _from_okp(jwk: JsonObject) -> PublicKey:
    return PublicKey(ED25519, _octets(jwk, "x"))


def _from_p256(jwk: JsonObject) -> PublicKey:
    return PublicKey(P256, compressed_point(CURVES[P256], _octets(jwk, "x"), _octets(jwk, "y")))


def _from_p384(jwk: JsonObject) -> PublicKey:
    return PublicKey(P384, compressed_point(CURVES[P384], _octets(jwk, "x"), _octets(jwk, "y")))


def _from_rsa(jwk: JsonObject) -> PublicKey:
    return PublicKey(RSA, rsa_raw(_octets(jwk, "n"), _octets(jwk, "e")))


_JWK_READERS: Mapping[tuple[object, object], Callable[[JsonObject], PublicKey]] = MappingProxyType(
    {
        ("OKP", ED25519): _from_okp,
        ("EC", P256): _from_p256,
        ("EC", P384): _from_p384,
        ("RSA", None): _from_rsa,
    }
)


def _are_texts(kind: object, curve: object) -> bool:
    return isinstance(kind, str) and isinstance(curve, str | None)


def _octets(jwk: JsonObject, member: str) -> bytes:
    value = jwk.get(member)
    if not isinstance(value, str) or len(value) > _MAX_MEMBER_CHARACTERS:
        raise KeyRefused(f"a JWK with '{member}' as a text", "another value or none")
    try:
        return decode_base64url(value)
    except MultibaseInvalid as error:
        raise KeyRefused(f"'{member}' in canonical base64url", "another text") from error
