"""What the publisher of a credential type says about it, and whether a credential keeps to it.

Follows the Internet-Draft "SD-JWT-based Verifiable Digital Credentials", sections 6 (Type Metadata) and
7 (Integrity), and Subresource Integrity for the form of a digest. Display and rendering are not read.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.sdjwt.credential import VCT, VCT_INTEGRITY
from skillpassport.vc.sdjwt.revealing import WITHHELD, Path, Revealed
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError, parse_object

MAX_EXTENDED: Final = 4
"""How long a chain of types may be; each costs a fetch from an address that the last one chose."""

MAX_CLAIMS: Final = 500

_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?\S*)?\Z")
_STRENGTH = ("sha256", "sha384", "sha512")
_ALWAYS, _ALLOWED, _NEVER = "always", "allowed", "never"

Fetch = Callable[[str], bytes | str]
"""Returns the document at a URL; raises WebDocumentUnreachable."""


class TypeMetadataRefused(SkillPassportError):
    """The type's metadata are not the ones that were meant, or the credential departs from them."""

    code = "type-metadata-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected}; found {found}. Ask the issuer for a credential that follows its type."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRule:
    """What a type says about the claims at one path.

    path: names, positions, and None for every element
    """

    path: tuple[str | int | None, ...]
    mandatory: bool = False
    disclosable: str = _ALLOWED


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMetadata:
    """A type with the rules of the types that it extends.

    types: identifiers, the credential's own first
    """

    types: tuple[str, ...]
    rules: tuple[ClaimRule, ...]


def read_type_metadata(claims: JsonObject, fetch: Fetch) -> TypeMetadata:
    """Return the metadata of a credential's type, extended types included.

    claims: with `vct`, and `vct#integrity` where the issuer pins the document
    Raises: TypeMetadataRefused, WebDocumentUnreachable
    Source: SD-JWT VC, sections 6.3 (retrieving) and 6.4 (extending)
    """
    types: list[str] = []
    documents: list[JsonObject] = []
    reference, integrity = claims.get(VCT), claims.get(VCT_INTEGRITY)
    while reference is not None:
        url = _https(reference)
        if url in types or len(types) == MAX_EXTENDED:
            raise TypeMetadataRefused(
                f"a chain of at most {MAX_EXTENDED} types", "a circle or more"
            )
        document = _document(fetch(url), integrity)
        if document.get(VCT) != url:
            raise TypeMetadataRefused("the metadata of this very type", "another's")
        types.append(url)
        documents.append(document)
        reference, integrity = document.get("extends"), document.get("extends#integrity")
    return TypeMetadata(types=tuple(types), rules=_combined(documents))


def check_integrity(raw: bytes, integrity: JsonValue) -> None:
    """Refuse a document that is not the one whose digest was given.

    integrity: one or several hashes of Subresource Integrity; the strongest kind counts
    Raises: TypeMetadataRefused
    Source: SD-JWT VC, section 7; Subresource Integrity, section 3
    """
    if not isinstance(integrity, str):
        raise TypeMetadataRefused("a digest as text", "another value")
    matched = [match for part in integrity.split() if (match := _SRI.match(part))]
    strongest = max((match.group(1) for match in matched), key=_STRENGTH.index, default=None)
    if strongest is None:
        raise TypeMetadataRefused("a digest with sha256, sha384 or sha512", "another")
    digest = hashlib.new(strongest, raw).digest()
    given = [_decoded(match.group(2)) for match in matched if match.group(1) == strongest]
    if not any(compare_digest(digest, value) for value in given):
        raise TypeMetadataRefused("the document whose digest is given", "another")


def check_claims_against(revealed: Revealed, metadata: TypeMetadata) -> None:
    """Refuse a credential whose claims depart from its type.

    A claim that the holder withheld is no departure: whether it is there cannot be seen.

    Raises: TypeMetadataRefused
    Source: SD-JWT VC, section 6.6 (Claim Metadata)
    """
    for rule in metadata.rules:
        selected = list(_selected(revealed.as_issued, rule.path, ()))
        for path in selected:
            is_disclosed = path in revealed.places
            if rule.disclosable == _NEVER and is_disclosed:
                raise TypeMetadataRefused("a claim that is always shown", "one by disclosure")
            if rule.disclosable == _ALWAYS and not is_disclosed:
                raise TypeMetadataRefused("a claim by disclosure", "one that is always shown")
        if rule.mandatory and not selected and _would_show(revealed, rule.path):
            raise TypeMetadataRefused("a mandatory claim of the type", "none")


def _would_show(revealed: Revealed, path: tuple[str | int | None, ...]) -> bool:
    """Return whether a missing claim at the top level is missing, and not merely withheld."""
    return len(path) == 1 and () not in revealed.partly_withheld


def _selected(value: object, path: tuple[str | int | None, ...], place: Path) -> Iterator[Path]:
    """Yield the places of the claims at a path (section 6.6.1), withheld elements left out."""
    if value is WITHHELD:
        return
    if not path:
        yield place
        return
    step, *rest = path
    if isinstance(step, str):
        if not isinstance(value, dict):
            raise TypeMetadataRefused("an object where the type names a member", "another value")
        if step in value:
            yield from _selected(value[step], tuple(rest), (*place, step))
        return
    if not isinstance(value, list):
        raise TypeMetadataRefused("an array where the type names elements", "another value")
    positions = range(len(value)) if step is None else [step]
    for position in positions:
        if position < len(value):
            yield from _selected(value[position], tuple(rest), (*place, position))


def _combined(documents: list[JsonObject]) -> tuple[ClaimRule, ...]:
    """Return the rules of a type and of those that it extends; section 6.6.5 limits overriding."""
    rules: dict[tuple[str | int | None, ...], ClaimRule] = {}
    for document in reversed(documents):
        for path, entry in _entries(document):
            inherited = rules.get(path, ClaimRule(path=path))
            rule = _rule(path, entry, inherited)
            if inherited.mandatory and not rule.mandatory:
                raise TypeMetadataRefused("a claim that stays mandatory", "one made optional")
            if inherited.disclosable not in {_ALLOWED, rule.disclosable}:
                raise TypeMetadataRefused("an 'sd' that the extended type fixed", "another")
            rules[path] = rule
    return tuple(rules.values())


def _entries(
    document: JsonObject,
) -> Iterator[tuple[tuple[str | int | None, ...], Mapping[str, JsonValue]]]:
    claims = document.get("claims", [])
    if not isinstance(claims, list) or len(claims) > MAX_CLAIMS:
        raise TypeMetadataRefused(f"an array of at most {MAX_CLAIMS} claims", "another value")
    for entry in claims:
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(path, list) or not path:
            raise TypeMetadataRefused("claims with a path", "another value")
        yield tuple(_step(step) for step in path), entry


def _rule(
    path: tuple[str | int | None, ...], entry: Mapping[str, JsonValue], inherited: ClaimRule
) -> ClaimRule:
    mandatory = entry.get("mandatory", inherited.mandatory)
    disclosable = entry.get("sd", inherited.disclosable)
    # A tuple: a member of a hostile document may be unhashable.
    if not isinstance(mandatory, bool) or disclosable not in (_ALWAYS, _ALLOWED, _NEVER):
        raise TypeMetadataRefused("'mandatory' and 'sd' of the defined values", "others")
    return ClaimRule(path=path, mandatory=mandatory, disclosable=str(disclosable))


def _step(step: JsonValue) -> str | int | None:
    if isinstance(step, bool) or not isinstance(step, str | int | None):
        raise TypeMetadataRefused("texts, positions and null in a path", "another value")
    if isinstance(step, int) and step < 0:
        raise TypeMetadataRefused("positions from zero on in a path", "a negative one")
    return step


def _document(raw: bytes | str, integrity: JsonValue) -> JsonObject:
    data = raw if isinstance(raw, bytes) else raw.encode()
    if integrity is not None:
        check_integrity(data, integrity)
    try:
        return parse_object(data)
    except StrictJsonError as error:
        raise TypeMetadataRefused("a JSON object as type metadata", "another text") from error


def _https(reference: JsonValue) -> str:
    if not isinstance(reference, str) or not reference.startswith("https://"):
        raise TypeMetadataRefused("a type with an https address", "another name")
    return reference


def _decoded(text: str) -> bytes:
    # Subresource Integrity writes base64; some publishers write its URL-safe form.
    standard = text.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4))
    except binascii.Error as error:
        raise TypeMetadataRefused("a digest in base64", "another text") from error
