"""The two proof values of ecdsa-sd-2023, in CBOR: for the holder alone, and for a verifier.

Follows Data Integrity ECDSA Cryptosuites 1.0, sections 3.5.2, 3.5.3, 3.5.7 and 3.5.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from skillpassport.vc.keys import P256, KeyRefused, PublicKey
from skillpassport.vc.multibase import (
    MULTICODEC_P256_PUBLIC,
    MultibaseInvalid,
    decode_multibase64url,
    encode_multibase64url,
)
from skillpassport.vc.strict_cbor import CborRefused, parse
from skillpassport.vc.suites.protocol import ProofMalformed

MAX_VALUE_CHARACTERS: Final = 512 * 1024
MAX_SIGNATURES: Final = 1024
"""Each costs a signature check, in each of the proofs of a document; large credentials have 200."""

_BASE = b"\xd9\x5d\x00"
_DERIVED = b"\xd9\x5d\x01"
_SIGNATURE_BYTES = 64
_KEY_BYTES = 35
_HASH_BYTES = 32
_ELEMENTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseProof:
    """What the issuer gives the holder. Whoever has the HMAC key can guess undisclosed statements.

    public_key: of the key pair that was made for this proof alone
    """

    base_signature: bytes
    public_key: PublicKey
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]

    @property
    def proof_value(self) -> str:
        """The multibase text."""
        return _encoded(
            _BASE,
            [
                self.base_signature,
                encoded_key(self.public_key),
                self.hmac_key,
                list(self.signatures),
                list(self.mandatory_pointers),
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedProof:
    """What the holder gives a verifier.

    labels: number of a canonical blank node to the digest under which it was signed
    mandatory_indexes: positions of the statements that every holder must disclose
    """

    base_signature: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory_indexes: frozenset[int]

    @property
    def proof_value(self) -> str:
        """The multibase text."""
        return _encoded(
            _DERIVED,
            [
                self.base_signature,
                encoded_key(self.public_key),
                list(self.signatures),
                dict(self.labels),
                sorted(self.mandatory_indexes),
            ],
        )


def encoded_key(key: PublicKey) -> bytes:
    """Return a P-256 key as 35 octets: multicodec prefix and compressed point."""
    return MULTICODEC_P256_PUBLIC + key.raw


def parse_base_proof(value: object) -> BaseProof:
    """Return the parts of a base proof value.

    Raises: ProofMalformed
    Source: section 3.5.3 (parseBaseProofValue)
    """
    signature, key, hmac_key, signatures, pointers = _components(value, _BASE, "a base proof")
    if not _is_octets(hmac_key, _HASH_BYTES) or not _are(pointers, str):
        raise _malformed("a base proof")
    return BaseProof(
        base_signature=_signature(signature),
        public_key=_key(key),
        hmac_key=hmac_key,
        signatures=_signatures(signatures),
        mandatory_pointers=tuple(pointers),
    )


def parse_derived_proof(value: object) -> DerivedProof:
    """Return the parts of a derived proof value.

    Raises: ProofMalformed; also for a base proof, which no verifier should ever see
    Source: section 3.5.8 (parseDerivedProofValue)
    """
    signature, key, signatures, labels, indexes = _components(value, _DERIVED, "a derived proof")
    if not isinstance(labels, dict) or not _are(indexes, int) or len(set(indexes)) != len(indexes):
        raise _malformed("a derived proof")
    if not all(_is_index(number) and _is_octets(d, _HASH_BYTES) for number, d in labels.items()):
        raise _malformed("a derived proof")
    if not all(_is_index(index) for index in indexes):
        raise _malformed("a derived proof")
    # Two nodes under one digest would let one signed node appear as two.
    if len(set(labels.values())) != len(labels):
        raise _malformed("a derived proof with one label for each node")
    return DerivedProof(
        base_signature=_signature(signature),
        public_key=_key(key),
        signatures=_signatures(signatures),
        labels=labels,
        mandatory_indexes=frozenset(indexes),
    )


def _components(value: object, header: bytes, expected: str) -> list[Any]:
    if not isinstance(value, str) or len(value) > MAX_VALUE_CHARACTERS:
        raise _malformed(expected)
    try:
        data = decode_multibase64url(value)
    except MultibaseInvalid as error:
        raise _malformed(expected) from error
    if not data.startswith(header):
        raise _malformed(expected)
    components = _decoded(data[len(header) :], expected)
    if not isinstance(components, list) or len(components) != _ELEMENTS:
        raise _malformed(expected)
    return components


def _decoded(data: bytes, expected: str) -> object:
    import cbor2  # noqa: PLC0415 - only this suite needs it

    # Read strictly: a general decoder makes numbers, dates and patterns of tags, which has its price.
    try:
        value = parse(data)
    except CborRefused as error:
        raise _malformed(expected) from error
    # One spelling for one value: no tags, no longer form of a number than it needs.
    try:
        is_plain = cbor2.dumps(value) == data
    except cbor2.CBOREncodeError as error:
        raise _malformed(expected) from error
    if not is_plain:
        raise _malformed(expected)
    return value


def _encoded(header: bytes, components: list[object]) -> str:
    import cbor2  # noqa: PLC0415 - only this suite needs it

    return encode_multibase64url(header + cbor2.dumps(components))


def _signature(value: object) -> bytes:
    if not isinstance(value, bytes) or len(value) != _SIGNATURE_BYTES:
        raise _malformed(f"a signature of {_SIGNATURE_BYTES} octets")
    return value


def _signatures(values: object) -> tuple[bytes, ...]:
    if not isinstance(values, list) or len(values) > MAX_SIGNATURES:
        raise _malformed(f"at most {MAX_SIGNATURES} signatures")
    return tuple(_signature(value) for value in values)


def _key(value: object) -> PublicKey:
    if not isinstance(value, bytes) or len(value) != _KEY_BYTES:
        raise _malformed(f"a P-256 key of {_KEY_BYTES} octets")
    if not value.startswith(MULTICODEC_P256_PUBLIC):
        raise _malformed("a P-256 key")
    try:
        return PublicKey(P256, value[len(MULTICODEC_P256_PUBLIC) :])
    except KeyRefused as error:
        raise _malformed("a P-256 key") from error


def _is_octets(value: object, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length


def _is_index(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SIGNATURES


def _are(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def _malformed(expected: str) -> ProofMalformed:
    return ProofMalformed("proofValue", expected)
