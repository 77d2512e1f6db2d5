"""One disclosure: a salted claim that the issuer signed by its digest.

Follows RFC 9901, sections 4.1.1 (hash) and 4.2 (Disclosures).

Departs from the specification by refusing more: base64url must be canonical, and a salt has at least
the length that the specification recommends where we make it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import orjson

from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url, encode_base64url
from skillpassport.vc.sdjwt.refusals import DisclosureRefused, SdHashRefused
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError, parse, write

SD: Final = "_sd"
SD_ALG: Final = "_sd_alg"
ELEMENT: Final = "..."

DEFAULT_HASH: Final = "sha-256"
HASHES: Mapping[str, Callable[[bytes], "hashlib._Hash"]] = MappingProxyType(
    {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
)
"""Names of the IANA registry to the functions."""

RESERVED_NAMES: Final = frozenset({SD, SD_ALG, ELEMENT})
"""No disclosure may bring these: the first two would change how the rest is read."""

_SALT_BYTES = 16
_OF_ELEMENT, _OF_MEMBER = 2, 3

RandomBytes = Callable[[int], bytes]
"""Gives so many octets that nobody can guess: `secrets.token_bytes`, or a fixed one in tests."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A disclosed claim.

    encoded: base64url text, over which the digest is taken as it is
    name: of the member; None for an element of an array
    """

    encoded: str
    name: str | None
    value: JsonValue

    def digest(self, hash_name: str) -> str:
        """Return the digest that stands for the claim in what is signed.

        hash_name: of `HASHES`
        Source: RFC 9901, section 4.2.3
        """
        return digest_of(self.encoded, hash_name)


def new_disclosure(name: str | None, value: JsonValue, random: RandomBytes) -> Disclosure:
    """Return a disclosure with a fresh salt of 128 bits (RFC 9901, section 9.3).

    Raises: DisclosureRefused for a reserved name
    """
    if name in RESERVED_NAMES:
        raise DisclosureRefused("a claim of the application", f"the reserved name '{name}'")
    salt = encode_base64url(random(_SALT_BYTES))
    contents = [salt, value] if name is None else [salt, name, value]
    return Disclosure(encode_base64url(_written(contents)), name, value)


def _written(contents: list[JsonValue]) -> bytes:
    """Return what `write` does, without asking whether the value is plain where it is a text."""
    if type(contents[-1]) is str:
        try:
            return orjson.dumps(contents)
        except orjson.JSONEncodeError:  # half a character
            pass
    return write(contents)


def parse_disclosure(encoded: str) -> Disclosure:
    """Return a disclosure as it was received; whether the issuer signed it is judged later.

    Raises: DisclosureRefused
    Source: RFC 9901, sections 4.2.1, 4.2.2 and 7.1, step 3.3
    """
    try:
        contents = parse(decode_base64url(encoded))
    except (MultibaseInvalid, StrictJsonError) as error:
        raise DisclosureRefused(
            "disclosures of JSON arrays in base64url", "another text"
        ) from error
    if not isinstance(contents, list) or len(contents) not in {_OF_ELEMENT, _OF_MEMBER}:
        raise DisclosureRefused("disclosures of two or three elements", "another value")
    salt, *names, value = contents
    if not isinstance(salt, str) or not all(isinstance(name, str) for name in names):
        raise DisclosureRefused("texts as salt and name of a disclosure", "another value")
    name = str(names[0]) if names else None
    if name in RESERVED_NAMES:
        raise DisclosureRefused("disclosures of claims", "one of a reserved name")
    return Disclosure(encoded, name, value)


def digest_of(text: str, hash_name: str) -> str:
    """Return the digest of an ASCII text in base64url."""
    return encode_base64url(HASHES[hash_name](text.encode()).digest())


def hash_of(payload: JsonObject) -> str:
    """Return the name of the hash that a payload names; SHA-256 when it names none.

    Raises: SdHashRefused
    Source: RFC 9901, section 4.1.1
    """
    name = payload.get(SD_ALG, DEFAULT_HASH)
    if not isinstance(name, str) or name not in HASHES:
        raise SdHashRefused(tuple(HASHES))
    return name
