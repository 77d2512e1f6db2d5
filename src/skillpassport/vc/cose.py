"""One COSE_Sign1 message: taken apart strictly, and made.

Follows RFC 9052, sections 2, 3 and 4.2 to 4.4, with the algorithms of RFC 9053 and RFC 9864. Its
signatures are over the same kinds of keys, in the same form, as those of JOSE (`jose.jws`).

Departs from the RFC by refusing more: the algorithm must be in the protected header, the payload in
the message; `crit` is refused, and a message with a shared secret (COSE_Mac0) is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from skillpassport.vc.jose import EDDSA, ES256, ES384, PS256, RS256
from skillpassport.vc.keys import ED25519, P256, P384, Signer
from skillpassport.vc.strict_cbor import CborMap, CborRefused, CborValue, Tagged, parse, parse_map

SIGN1_TAG: Final = 18

ALG: Final = 1
CRIT: Final = 2
KEY_ID: Final = 4
TYPE: Final = 16
X5CHAIN: Final = 33

ALGORITHMS: Mapping[int, str] = MappingProxyType(
    {-8: EDDSA, -19: ED25519, -7: ES256, -9: ES256, -35: ES384, -51: ES384, -257: RS256, -37: PS256}
)
"""COSE algorithm to the JWS algorithm that signs alike (RFC 9053, section 2; RFC 9864)."""

_SIGNED_AS: Mapping[str, int] = MappingProxyType({ED25519: -8, P256: -7, P384: -35})
_PARTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CoseSign1:
    """A signed message, taken apart and not yet trusted.

    algorithm: by its name in JOSE; empty when it has no reader here
    headers: protected and unprotected ones; no label is in both
    signing_input: the octets that the signature covers (RFC 9052, section 4.4)
    """

    algorithm: str
    headers: CborMap
    protected: CborMap
    payload: bytes
    signing_input: bytes
    signature: bytes


def parse_sign1(data: bytes) -> CoseSign1:
    """Return the parts of a tagged COSE_Sign1 message; nothing is verified.

    Raises: CborRefused
    Source: RFC 9052, sections 3 and 4.2
    """
    message = parse(data)
    if not isinstance(message, Tagged) or message.tag != SIGN1_TAG:
        raise CborRefused(f"one message under the tag {SIGN1_TAG} (COSE_Sign1)")
    parts = message.value
    if not isinstance(parts, list) or len(parts) != _PARTS:
        raise CborRefused("the four parts of COSE_Sign1")
    octets, unprotected, payload, signature = parts
    if not isinstance(octets, bytes) or not isinstance(unprotected, dict):
        raise CborRefused("a protected and an unprotected header")
    if not isinstance(payload, bytes) or not isinstance(signature, bytes):
        raise CborRefused("a payload and a signature")
    protected = parse_map(octets)
    if protected.keys() & unprotected.keys():
        raise CborRefused("each header in one place")
    headers = protected | unprotected
    if CRIT in headers:
        raise CborRefused("no extension that must be understood")
    return CoseSign1(
        algorithm=_algorithm(protected.get(ALG)),
        headers=headers,
        protected=protected,
        payload=payload,
        signing_input=_signing_input(octets, payload),
        signature=signature,
    )


def sign1(protected: CborMap, unprotected: CborMap, payload: bytes, signer: Signer) -> bytes:
    """Return a tagged COSE_Sign1 message; `alg` is set from the signer's key.

    Source: RFC 9052, section 4.4
    """
    import cbor2  # noqa: PLC0415 - only signers of such messages need it

    octets = cbor2.dumps({ALG: _SIGNED_AS[signer.algorithm], **protected})
    signature = signer.sign(_signing_input(octets, payload))
    message: bytes = cbor2.dumps(
        cbor2.CBORTag(SIGN1_TAG, [octets, unprotected, payload, signature])
    )
    return message


def _algorithm(label: CborValue) -> str:
    return ALGORITHMS.get(label, "") if isinstance(label, int) else ""


def _signing_input(protected: bytes, payload: bytes) -> bytes:
    """Return `Sig_structure`, encoded: context, protected header, no external data, payload."""
    parts = (_octets(protected), _octets(b""), _octets(payload))
    return b"\x84\x6aSignature1" + b"".join(parts)


def _octets(value: bytes) -> bytes:
    """Return a byte string with the shortest length that there is (RFC 8949, section 4.2.1)."""
    length = len(value)
    if length < 24:  # noqa: PLR2004 - the lengths of RFC 8949, section 3
        return bytes([0x40 | length]) + value
    for lead, size in ((0x58, 1), (0x59, 2)):
        if length < 1 << 8 * size:
            return bytes([lead]) + length.to_bytes(size) + value
    return b"\x5a" + length.to_bytes(4) + value
