"""Recognition rules, agreements, precedents and regulated professions, as rows and back."""

from collections.abc import Mapping
from typing import Any

from skillpassport.db.framework_rows import Codec, Row
from skillpassport.db.tables import equivalence as tables
from skillpassport.equivalence.agreements import Agreement, AgreementId, PartialDate
from skillpassport.equivalence.conditions import Condition
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.professions import RegulatedProfession
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.rules import (
    FrameworkLevels,
    RecognitionRule,
    RuleId,
    RuleOutcome,
    RuleResult,
    RuleStatus,
)
from skillpassport.equivalence.ways_in import way_from_record, way_to_record
from skillpassport.frameworks.model import Footing, FrameworkId, SourceId


def _encode_rule(rule: RecognitionRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "origin_country": rule.origin,
        "destination": rule.destination,
        "title": rule.title,
        "aliases": list(rule.aliases),
        "origin_level": rule.origin_level,
        "purpose": None if rule.purpose is None else rule.purpose.value,
        "condition": rule.condition,
        "when": None if rule.when is None else rule.when.to_json(),
        **_encode_result(rule.result),
        "status": rule.status.value,
        "publication": rule.publication.value,
        "agreement": rule.agreement,
        "authority": rule.authority,
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
        "supersedes": list(rule.supersedes),
        "note": rule.note,
        "sources": list(rule.sources),
    }


def _decode_rule(row: Row) -> RecognitionRule:
    return RecognitionRule(
        id=RuleId(row["id"]),
        origin=row["origin_country"],
        destination=row["destination"],
        title=row["title"],
        aliases=tuple(row["aliases"]),
        origin_level=row["origin_level"],
        purpose=None if row["purpose"] is None else Purpose(row["purpose"]),
        condition=row["condition"],
        when=None if row["when"] is None else Condition.of(row["when"]),
        result=_decode_result(row),
        status=RuleStatus(row["status"]),
        publication=Publication(row["publication"]),
        agreement=row["agreement"],
        authority=row["authority"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        supersedes=tuple(map(RuleId, row["supersedes"])),
        note=row["note"],
        sources=_sources(row),
        # A row from elsewhere has none: it gets its place among the revisions here.
        version=row.get("revision", 1),
    )


def _encode_result(result: RuleResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "comparable_to": result.comparable_to,
        "levels": [one.to_json() for one in result.levels],
        "measures": list(result.measures),
    }


def _decode_result(row: Row) -> RuleResult:
    return RuleResult(
        outcome=RuleOutcome(row["outcome"]),
        comparable_to=row["comparable_to"],
        levels=tuple(
            FrameworkLevels(framework=FrameworkId(one["framework"]), levels=tuple(one["levels"]))
            for one in row["levels"]
        ),
        measures=tuple(row["measures"]),
    )


def _encode_agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "slug": agreement.slug,
        "kind": agreement.kind,
        "footing": agreement.footing.value,
        "source": agreement.source,
        "parties": list(agreement.parties),
        "origins": list(agreement.origins),
        "destinations": list(agreement.destinations),
        "isco": list(agreement.isco),
        "signed": _text(agreement.signed),
        "in_force": _text(agreement.in_force),
        "ended": _text(agreement.ended),
        "is_public": agreement.is_public,
        "details": dict(agreement.details),
    }


def _decode_agreement(row: Row) -> Agreement:
    return Agreement(
        id=AgreementId(row["id"]),
        slug=row["slug"],
        kind=row["kind"],
        footing=Footing(row["footing"]),
        source=row["source"],
        parties=tuple(row["parties"]),
        origins=tuple(row["origins"]),
        destinations=tuple(row["destinations"]),
        isco=tuple(row["isco"]),
        signed=_date(row, "signed"),
        in_force=_date(row, "in_force"),
        ended=_date(row, "ended"),
        is_public=row["is_public"],
        details=row["details"],
    )


def _encode_precedent(precedent: Precedent) -> dict[str, Any]:
    return {
        "id": precedent.id,
        "origin_country": precedent.origin,
        "destination": precedent.destination,
        "title": precedent.title,
        **_encode_result(precedent.result),
        "decided_by": precedent.decided_by,
        "decided_in": precedent.decided_in,
        "institution": precedent.institution,
        "legal_basis": precedent.legal_basis,
        "differences": list(precedent.differences),
        "sources": list(precedent.sources),
    }


def _decode_precedent(row: Row) -> Precedent:
    return Precedent(
        id=PrecedentId(row["id"]),
        origin=row["origin_country"],
        destination=row["destination"],
        title=row["title"],
        result=_decode_result(row),
        decided_by=row["decided_by"],
        decided_in=row["decided_in"],
        institution=row["institution"],
        legal_basis=row["legal_basis"],
        differences=tuple(row["differences"]),
        sources=_sources(row),
    )


def _encode_profession(profession: RegulatedProfession) -> dict[str, Any]:
    return {
        "id": profession.id,
        "destination": profession.destination,
        "name": dict(profession.name),
        "isco": list(profession.isco),
        "ways": [way_to_record(way) for way in profession.ways],
    }


def _decode_profession(row: Row) -> RegulatedProfession:
    return RegulatedProfession(
        id=row["id"],
        destination=row["destination"],
        name=row["name"],
        isco=tuple(row["isco"]),
        ways=tuple(map(way_from_record, row["ways"])),
    )


def _text(date: PartialDate | None) -> str | None:
    return None if date is None else date.text


def _date(row: Mapping[str, Any], column: str) -> PartialDate | None:
    return None if row[column] is None else PartialDate.read(row[column])


def _sources(row: Row) -> tuple[SourceId, ...]:
    return tuple(map(SourceId, row["sources"]))


RULES = Codec(table=tables.recognition_rules, key=("id",), encode=_encode_rule, decode=_decode_rule)
AGREEMENTS = Codec(
    table=tables.agreements, key=("id",), encode=_encode_agreement, decode=_decode_agreement
)
PRECEDENTS = Codec(
    table=tables.precedents, key=("id",), encode=_encode_precedent, decode=_decode_precedent
)
PROFESSIONS = Codec(
    table=tables.regulated_professions,
    key=("id",),
    encode=_encode_profession,
    decode=_decode_profession,
)
