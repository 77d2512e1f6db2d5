"""Agreements in a JSON array: the layout of `agreements.json`.

Kinds of agreements differ, so a record may have any further members; they are kept as they came.
What is understood of every record: its parties, countries, occupations, dates, and what was read.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from skillpassport.equivalence.agreements import (
    Agreement,
    AgreementId,
    PartialDate,
    countries_in,
)
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused
from skillpassport.frameworks.importing.record_file import Record, read_records
from skillpassport.frameworks.importing.repeated import without_contradictions
from skillpassport.frameworks.model import Footing, Source, SourceId
from skillpassport.frameworks.reading import has_control_characters
from skillpassport.vc.strict_json import JsonValue

MAX_MEMBERS: Final = 60
MAX_TEXT: Final = 5_000
"""Characters of one text; the longest in the records known has under 500."""

_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}")
_ISCO: Final = re.compile(r"[0-9]{1,4}|\*")
_UNDERSTOOD: Final = ("id", "kind", "source", "parties", "isco", "signed", "in_force")
_ANSWERED: Final = ("slug", "footing", "origins", "destinations", "ended", "is_in_force")
"""Members of the answer that a record cannot have itself."""

_PRIVATE: Final = ("private", "restricted", "confidential", "parties")


def read_agreement_file(
    data: bytes, sources: Mapping[SourceId, Source], snapshot: RegistrySnapshot
) -> Reading:
    """Return the agreements of a JSON array.

    Raises: FileUnreadable
    """
    del sources, snapshot  # an agreement cites in words
    problems: list[RowProblem] = []
    told = []
    for record in read_records(data):
        try:
            agreement = _agreement(record)
        except RowRefused as refused:
            problems.append(refused.at(record.line))
        else:
            told.append((record.line, agreement.slug, agreement))
    kept = without_contradictions(told, "id", problems)
    return Reading(
        content=RegistryContent(agreements=kept),
        counted="agreements",
        rows=len(kept),
        problems=tuple(problems),
    )


def agreement_id(slug: str) -> AgreementId:
    """Return the id of the agreement that a record calls so."""
    return AgreementId(f"agr-{hashlib.sha256(slug.encode()).hexdigest()[:24]}")


def _agreement(record: Record) -> Agreement:
    _check(record)
    slug = record.needed("id")
    if not _SLUG.fullmatch(slug):
        raise RowRefused(
            "id",
            "agreement-id-malformed",
            "Expected letters, figures, '.', '_', '+' and '-', found another character.",
        )
    period = _period(record)
    return Agreement(
        id=agreement_id(slug),
        slug=slug,
        kind=record.needed("kind"),
        footing=_footing(record),
        source=record.needed("source"),
        parties=_parties(record),
        origins=countries_in(record.text("origin")),
        destinations=countries_in(record.text("destination")),
        isco=_isco(record),
        signed=_date(record.text("signed")),
        in_force=_date(record.text("in_force")) or period[0],
        ended=period[1],
        is_public=_is_public(record),
        details={k: v for k, v in record.members.items() if k not in _UNDERSTOOD},
    )


def _check(record: Record) -> None:
    """Refuse a record that is too large, hides text, or has a member that only answers have.

    Raises: RowRefused
    """
    if len(record.members) > MAX_MEMBERS:
        raise RowRefused("", "record-large", f"Expected at most {MAX_MEMBERS} members.")
    for name, value in record.members.items():
        if name in _ANSWERED:
            raise RowRefused(
                name, "member-unknown", "Expected another name: answers use this one; rename it."
            )
        for text in (name, *_texts(value)):
            if len(text) > MAX_TEXT or has_control_characters(text):
                raise RowRefused(
                    name[:40] if name.isprintable() else "",
                    "cell-characters",
                    f"Expected texts of at most {MAX_TEXT} characters that can be seen.",
                )


def _texts(value: JsonValue) -> list[str]:
    """Return every text inside a value, names of members too; the parser bounds the depth."""
    match value:
        case str():
            return [value]
        case list():
            return [text for one in value for text in _texts(one)]
        case dict():
            return [text for name, one in value.items() for text in (name, *_texts(one))]
    return []


def _parties(record: Record) -> tuple[str, ...]:
    if isinstance(record.members.get("parties"), str):
        return (record.text("parties"),)
    return record.texts("parties")


def _isco(record: Record) -> tuple[str, ...]:
    codes = [code.strip() for code in record.text("isco").split("|")]
    wrong = [code for code in codes if code and not _ISCO.fullmatch(code)]
    if wrong:
        raise RowRefused(
            "isco", "isco-malformed", "Expected ISCO-08 codes of 1 to 4 figures, or '*'."
        )
    return tuple(dict.fromkeys(code for code in codes if code))


def _date(text: str) -> PartialDate | None:
    return PartialDate.read(text) if text else None


def _period(record: Record) -> tuple[PartialDate | None, PartialDate | None]:
    """Return the dates between which a record says that it holds."""
    value = record.members.get("period")
    if value is None:
        return None, None
    if (
        not isinstance(value, list)
        or len(value) != len(("from", "until"))
        or not all(one is None or isinstance(one, str) for one in value)
    ):
        raise RowRefused(
            "period", "period-malformed", "Expected two dates, each a text or null: [from, until]."
        )
    begins, ends = (None if one is None else _date(str(one)) for one in value)
    if begins and ends and begins.first and ends.last and ends.last < begins.first:
        raise RowRefused(
            "period", "dates-reversed", "Expected an end that is not before the start."
        )
    return begins, ends


def _footing(record: Record) -> Footing:
    """Return what the record stands on: what it says was read, or only remembered."""
    remembered = record.texts("memory")
    if "all" in remembered or record.needed("source").startswith("memory"):
        return Footing.UNVERIFIED
    return Footing.READ if record.texts("read") else Footing.SECONDARY_SOURCE


def _is_public(record: Record) -> bool:
    """Return whether anybody may read it: public unless the record says otherwise."""
    said = record.members.get("visibility", record.members.get("access"))
    if isinstance(said, str) and said.strip().lower() in _PRIVATE:
        return False
    return record.members.get("public") is not False and not record.members.get("confidential")
