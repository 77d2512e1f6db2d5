"""A credential of the VC Data Model 2.0: what it says, and whether it has the model's shape.

A view, never a copy to sign again: the document stays as it was parsed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from skillpassport.vc.instants import parse_instant
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
VERIFIABLE_CREDENTIAL = "VerifiableCredential"

# A scheme, a colon, and none of the characters that RFC 3986 excludes everywhere; none either that
# shows an address as another: control characters, and those of direction (RFC 3987, section 4.1).
_URL = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    r"[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069<>\"{}|\\^`]+\Z"
)
_LANGUAGE_VALUE_MEMBERS = frozenset({"@value", "@language", "@direction"})
_STARTS = ("validFrom", "issuanceDate")
_ENDS = ("validUntil", "expirationDate")
_WITH_TYPE_AND_ID = ("credentialSchema",)
_WITH_TYPE = ("credentialStatus", "termsOfUse", "evidence", "refreshService")


@dataclass(frozen=True, slots=True)
class ShapeProblem:
    """One place where a document does not have the model's shape.

    pointer: JSON pointer (RFC 6901)
    """

    pointer: str
    expected: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A read-only view over a parsed credential; members of a wrong kind read as absent."""

    document: JsonObject

    @property
    def id(self) -> str | None:
        """The credential's own identifier."""
        return _text(self.document.get("id"))

    @property
    def issuer(self) -> str | None:
        """The identifier of the issuer, whether it is written as a URL or as an object."""
        issuer = self.document.get("issuer")
        return _text(issuer.get("id") if isinstance(issuer, dict) else issuer)

    @property
    def types(self) -> tuple[str, ...]:
        """The types, in their order."""
        values = one_or_many(self.document.get("type"))
        return tuple(value for value in values if isinstance(value, str))

    @property
    def valid_from(self) -> datetime | None:
        """The first instant at which the credential holds."""
        starts = self._instants(_STARTS)
        return max(starts) if starts else None

    @property
    def valid_until(self) -> datetime | None:
        """The last instant at which the credential holds."""
        ends = self._instants(_ENDS)
        return min(ends) if ends else None

    @property
    def subjects(self) -> tuple[JsonObject, ...]:
        """The claims, one object for each subject."""
        return _objects(self.document.get("credentialSubject"))

    @property
    def status_entries(self) -> tuple[JsonObject, ...]:
        """The entries that say where the status is published."""
        return _objects(self.document.get("credentialStatus"))

    @property
    def schemas(self) -> tuple[JsonObject, ...]:
        """The schemas that the issuer names for the credential."""
        return _objects(self.document.get("credentialSchema"))

    def _instants(self, members: tuple[str, str]) -> list[datetime]:
        """Return the instants of a period's one end; data model 1.1 has another name for it."""
        named = members if is_data_model_1(self.document) else members[:1]
        instants = (parse_instant(self.document.get(member)) for member in named)
        return [instant for instant in instants if instant is not None]


def is_data_model_1(document: JsonObject) -> bool:
    """Return whether a document says that it follows the VC Data Model 1.1."""
    contexts = one_or_many(document.get("@context"))
    return CREDENTIALS_V1 in contexts and CREDENTIALS_V2 not in contexts


def shape_problems(document: JsonObject) -> tuple[ShapeProblem, ...]:
    """Return every place where the document departs from the data model; none when it follows it.

    Source: VC Data Model 2.0, sections 4.3 to 4.14
    """
    return tuple(_problems(document))


def has_more_values(document: JsonValue, most: int) -> bool:
    """Return whether a document has more members and elements than so many, however deep they lie."""
    waiting = [document]
    seen = 0
    while waiting and seen <= most:
        value = waiting.pop()
        parts = list(value.values()) if isinstance(value, dict) else value
        if isinstance(parts, list):
            seen += len(parts)
            waiting += parts
    return seen > most


def is_url(value: JsonValue) -> bool:
    """Return whether a value is an absolute URL (any scheme: https, did, urn)."""
    return isinstance(value, str) and _URL.match(value) is not None


def _problems(document: JsonObject) -> Iterator[ShapeProblem]:
    yield from context_problems(document)
    yield from member_problems(
        document,
        _period_problems(document),
        with_type_and_id=_WITH_TYPE_AND_ID,
        with_type=_WITH_TYPE,
    )
    yield from _related_resource_problems(document)
    yield from _name_problems(document, "")


def member_problems(
    document: JsonObject,
    period: Iterable[ShapeProblem],
    *,
    with_type_and_id: Sequence[str],
    with_type: Sequence[str],
) -> Iterator[ShapeProblem]:
    """Yield where the members that both versions of the data model know have another shape.

    period: problems of the members that say when the credential holds, which each version names
    with_type_and_id, with_type: members that hold objects with these
    """
    yield from _type_problems(document)
    if "id" in document and not is_url(document["id"]):
        yield ShapeProblem("/id", "one URL")
    yield from _issuer_problems(document)
    yield from _subject_problems(document)
    yield from period
    for member in with_type_and_id:
        yield from _typed_object_problems(document, member, is_id_required=True)
    for member in with_type:
        yield from _typed_object_problems(document, member, is_id_required=False)


def context_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Yield where `@context` is no ordered set that starts with the data model's own context.

    Source: VC Data Model 2.0, section 4.3
    """
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS_V2:
        if contexts != CREDENTIALS_V2:
            yield ShapeProblem("/@context", f"an array that starts with '{CREDENTIALS_V2}'")
        return
    for position, context in enumerate(contexts):
        if not isinstance(context, dict) and not is_url(context):
            yield ShapeProblem(f"/@context/{position}", "a URL or a context object")


def _type_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Yield where the types are no names, or miss the one of all credentials."""
    types = one_or_many(document.get("type"))
    if not all(isinstance(entry, str) and entry for entry in types):
        yield ShapeProblem("/type", "names of types")
    elif VERIFIABLE_CREDENTIAL not in types:
        yield ShapeProblem("/type", f"'{VERIFIABLE_CREDENTIAL}' among the types")


def _issuer_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Yield where the issuer has no identifier that is a URL."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        if not is_url(issuer.get("id")):
            yield ShapeProblem("/issuer/id", "a URL")
        yield from _name_problems(issuer, "/issuer")
    elif not is_url(issuer):
        yield ShapeProblem("/issuer", "a URL, or an object with one as id")


def _subject_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Yield where nobody is spoken of, or nothing is claimed."""
    subjects = one_or_many(document.get("credentialSubject"))
    if not subjects:
        yield ShapeProblem("/credentialSubject", "at least one subject")
    for subject in subjects:
        if not isinstance(subject, dict) or not subject:
            yield ShapeProblem("/credentialSubject", "objects with claims")
        elif "id" in subject and not is_url(subject["id"]):
            yield ShapeProblem("/credentialSubject/id", "one URL")


def _period_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Section 4.9: instants with a time zone, the end not before the start."""
    instants: dict[str, datetime] = {}
    for member in ("validFrom", "validUntil"):
        if member not in document:
            continue
        instant = parse_instant(document[member])
        if instant is None:
            yield ShapeProblem(f"/{member}", "an instant with a time zone (dateTimeStamp)")
        else:
            instants[member] = instant
    if len(instants) == 2 and instants["validUntil"] < instants["validFrom"]:  # noqa: PLR2004
        yield ShapeProblem("/validUntil", "an instant that is not before validFrom")


def _typed_object_problems(
    document: JsonObject, member: str, *, is_id_required: bool
) -> Iterator[ShapeProblem]:
    """Yield where a member holds anything but objects with a type, and an identifier if it must."""
    for entry in one_or_many(document.get(member)):
        if not isinstance(entry, dict):
            yield ShapeProblem(f"/{member}", "objects")
            continue
        types = one_or_many(entry.get("type"))
        if not types or not all(isinstance(kind, str) and kind for kind in types):
            yield ShapeProblem(f"/{member}/type", "names of types")
        if (is_id_required or "id" in entry) and not is_url(entry.get("id")):
            yield ShapeProblem(f"/{member}/id", "one URL")


def _related_resource_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Section 5.3: each resource once, with a digest of one of the two forms."""
    seen: set[str] = set()
    for entry in one_or_many(document.get("relatedResource")):
        if not isinstance(entry, dict) or not is_url(entry.get("id")):
            yield ShapeProblem("/relatedResource/id", "one URL")
            continue
        digests = (entry.get("digestSRI"), entry.get("digestMultibase"))
        if not any(isinstance(digest, str) and digest for digest in digests):
            yield ShapeProblem("/relatedResource", "a digestSRI or digestMultibase")
        if entry["id"] in seen:
            yield ShapeProblem("/relatedResource/id", "each resource once")
        seen.add(str(entry["id"]))


def _name_problems(holder: JsonObject, pointer: str) -> Iterator[ShapeProblem]:
    """Section 4.6 and 11.1: texts, or language value objects with nothing beside."""
    for member in ("name", "description"):
        for value in one_or_many(holder.get(member)):
            if not isinstance(value, str) and not _is_language_value(value):
                yield ShapeProblem(f"{pointer}/{member}", "a text or a language value object")


def _is_language_value(value: JsonValue) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("@value"), str):
        return False
    return value.keys() <= _LANGUAGE_VALUE_MEMBERS


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _objects(value: JsonValue) -> tuple[JsonObject, ...]:
    return tuple(entry for entry in one_or_many(value) if isinstance(entry, dict))
