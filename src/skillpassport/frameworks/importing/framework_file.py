"""Frameworks of a file: a JSON array, one record for each."""

import re
from typing import Final

from skillpassport.frameworks.importing.cells import word_of
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.record_file import Record
from skillpassport.frameworks.model import (
    Footing,
    Framework,
    FrameworkId,
    FrameworkStatus,
    SourceId,
)

MEMBERS: Final = frozenset(
    {"id", "name", "name_native", "kind", "status", "jurisdictions", "authority", "year"}
    | {"uri", "aliases", "abbreviations", "notes", "referenced", "self_certified"}
    | {"source", "source_id", "verified"}
)

UNDETERMINED: Final = "und"
"""The tag of a language that is not said (RFC 5646, section 4.1): `name_native` says none."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,39}:[A-Za-z0-9][A-Za-z0-9.+-]{0,39}")
_KIND: Final = re.compile(r"[a-z]+(-[a-z]+)*")
_JURISDICTION: Final = re.compile(r"[A-Z][A-Z0-9]{1,19}(-[A-Z0-9]{1,10})?")
_NOTED: Final = {
    "year": "Established",
    "referenced": "Referenced",
    "self_certified": "Self-certified",
}


def read_framework(record: Record, citations: Citations) -> Framework:
    """Return the framework of a record.

    Raises: RowRefused
    """
    record.check_members(MEMBERS)
    identifier = framework_id(record.needed("id"), "id")
    return Framework(
        id=identifier,
        name=_names(record),
        kind=_matching(record, "kind", _KIND, "a word such as 'national-vocational'"),
        status=word_of(FrameworkStatus, record.needed("status"), "status"),
        jurisdictions=_jurisdictions(record, identifier),
        footing=footing_of(record.text("verified")),
        sources=_sources(record, citations),
        authority=record.text("authority") or None,
        published_uri=record.text("uri") or None,
        aliases=_aliases(record, identifier),
        abbreviations=record.texts("abbreviations"),
        notes=_notes(record),
    )


def framework_id(text: str, column: str) -> FrameworkId:
    """Return a text as the id of a framework, `JURISDICTION:ABBREVIATION`.

    Raises: RowRefused
    """
    if not _ID.fullmatch(text):
        raise RowRefused(
            column,
            "framework-id-malformed",
            f"Expected JURISDICTION:ABBREVIATION in letters, figures and '-', found '{text}'.",
        )
    return FrameworkId(text)


def footing_of(verified: str) -> Footing:
    """Return what a record stands on, by what it says was read."""
    if verified.startswith("read: secondary"):
        return Footing.SECONDARY_SOURCE
    return Footing.READ if verified.startswith("read") else Footing.UNVERIFIED


def _names(record: Record) -> dict[str, str]:
    native = record.text("name_native")
    return record.language_map("name") | ({UNDETERMINED: native} if native else {})


def _matching(record: Record, member: str, pattern: re.Pattern[str], expected: str) -> str:
    text = record.needed(member)
    if not pattern.fullmatch(text):
        raise RowRefused(member, "word-malformed", f"Expected {expected}, found '{text}'.")
    return text


def _jurisdictions(record: Record, identifier: FrameworkId) -> tuple[str, ...]:
    codes = record.texts("jurisdictions") or (identifier.partition(":")[0].upper(),)
    for code in codes:
        if not _JURISDICTION.fullmatch(code):
            raise RowRefused(
                "jurisdictions",
                "jurisdiction-malformed",
                f"Expected codes such as 'NO', 'GB-SCT' or 'ASEAN', found '{code}'.",
            )
    return codes


def _sources(record: Record, citations: Citations) -> tuple[SourceId, ...]:
    ids = (part.strip() for part in record.text("source_id").split(";"))
    cited = (
        *citations.cite(part for part in ids if part),
        *citations.cite_text(record.text("source")),
    )
    if not cited:
        raise RowRefused(
            "source", "source-missing", "Expected what the record was read in; name the source."
        )
    return tuple(dict.fromkeys(cited))


def _aliases(record: Record, identifier: FrameworkId) -> tuple[str, ...]:
    """Return the other ids, with one that needs no encoding where the framework's own does."""
    given = tuple(framework_id(alias, "aliases") for alias in record.texts("aliases"))
    if "+" not in identifier or given:
        return given
    return (identifier.replace("+", "-"),)


def _notes(record: Record) -> tuple[str, ...]:
    said = ((word, record.text(member)) for member, word in _NOTED.items())
    verified = record.text("verified")
    read = (f"What was read: {verified}",) if verified not in {"", "read"} else ()
    return (*record.texts("notes"), *(f"{word}: {text}" for word, text in said if text), *read)
