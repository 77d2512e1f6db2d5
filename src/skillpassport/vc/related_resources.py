"""Whether what a credential relies on is still what its issuer saw: `relatedResource`.

Follows VC Data Model 2.0, section 5.3 (Integrity of Related Resources), and Subresource Integrity,
section 3.1. Digests are compared for resources that are known here, which are the JSON-LD contexts;
nothing is fetched for it, and a resource that is not fetched is not relied upon.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from skillpassport.vc.contexts import BUNDLED, read_bundled
from skillpassport.vc.model import ShapeProblem
from skillpassport.vc.multibase import (
    MultibaseInvalid,
    decode_multibase58,
    decode_multibase64url,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

_SRI_HASHES: Final = ("sha512", "sha384", "sha256")
"""The strongest first, which alone counts (Subresource Integrity, section 3.3.3)."""

_MULTIHASHES: Mapping[bytes, str] = MappingProxyType(
    {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
)
"""Code and length before the digest, by the name that `hashlib` has for the hash."""

_EXPECTED: Final = "the digest of what is published at its id"


def digest_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Yield where a digest is not that of the resource, of those that are known here."""
    for position, entry in enumerate(one_or_many(document.get("relatedResource"))):
        if not isinstance(entry, dict) or entry.get("id") not in BUNDLED:
            continue
        url = str(entry["id"])
        for member, matches in (("digestSRI", _matches_sri), ("digestMultibase", _matches_multi)):
            if member in entry and not matches(entry[member], url):
                yield ShapeProblem(f"/relatedResource/{position}/{member}", _EXPECTED)


def _matches_sri(value: JsonValue, url: str) -> bool:
    if not isinstance(value, str):
        return False
    given = [text.partition("?")[0].partition("-")[::2] for text in value.split()]
    for name in _SRI_HASHES:
        digests = [digest for algorithm, digest in given if algorithm == name]
        if digests:
            return base64.b64encode(_digest(url, name)).decode() in digests
    return False


def _matches_multi(value: JsonValue, url: str) -> bool:
    if not isinstance(value, str):
        return False
    try:
        decoded = decode_multibase58(value) if value[:1] == "z" else decode_multibase64url(value)
    except (MultibaseInvalid, binascii.Error):
        return False
    name = _MULTIHASHES.get(decoded[:2])
    return name is not None and decoded[2:] == _digest(url, name)


@lru_cache(maxsize=64)
def _digest(url: str, name: str) -> bytes:
    return hashlib.new(name, read_bundled(url)).digest()
