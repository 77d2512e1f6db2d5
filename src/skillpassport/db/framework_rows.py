"""The registry's values as rows and back: one codec for each table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from sqlalchemy import Table

from skillpassport.db.tables import frameworks as tables
from skillpassport.equivalence.model import (
    Direction,
    Endpoint,
    LevelMapping,
    Publication,
    Relation,
)
from skillpassport.frameworks.model import (
    CompetentAuthority,
    Edition,
    Footing,
    Framework,
    FrameworkId,
    FrameworkStatus,
    Level,
    Source,
    SourceId,
)

Row = Mapping[str, Any]
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec(Generic[V]):
    """How values of one kind stand in their table.

    key: columns that name the thing, without its revision
    encode: gives every column but `revision` and `origin`
    """

    table: Table
    key: tuple[str, ...]
    encode: Callable[[V], dict[str, Any]]
    decode: Callable[[Row], V]

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """Return the values that name the thing of a row."""
        return tuple(row[column] for column in self.key)


def _encode_source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "location": source.where,
        "read": source.read,
        "note": source.note,
    }


def _decode_source(row: Row) -> Source:
    return Source(
        id=SourceId(row["id"]),
        title=row["title"],
        where=row["location"],
        read=row["read"],
        note=row["note"],
    )


def _encode_framework(framework: Framework) -> dict[str, Any]:
    return {
        "id": framework.id,
        "name": dict(framework.name),
        "kind": framework.kind,
        "status": framework.status.value,
        "jurisdictions": list(framework.jurisdictions),
        "footing": framework.footing.value,
        "authority": framework.authority,
        "uri": framework.published_uri,
        "aliases": list(framework.aliases),
        "abbreviations": list(framework.abbreviations),
        "notes": list(framework.notes),
        "sources": list(framework.sources),
    }


def _decode_framework(row: Row) -> Framework:
    return Framework(
        id=FrameworkId(row["id"]),
        name=row["name"],
        kind=row["kind"],
        status=FrameworkStatus(row["status"]),
        jurisdictions=tuple(row["jurisdictions"]),
        footing=Footing(row["footing"]),
        authority=row["authority"],
        published_uri=row["uri"],
        aliases=tuple(row["aliases"]),
        abbreviations=tuple(row["abbreviations"]),
        notes=tuple(row["notes"]),
        sources=_sources(row),
    )


def _encode_edition(edition: Edition) -> dict[str, Any]:
    hours = edition.credit_unit_hours
    return {
        "framework": edition.framework,
        "label": edition.label,
        "valid_from": edition.valid_from,
        "valid_until": edition.valid_until,
        "level_count": edition.level_count,
        "credit_unit_hours": None if hours is None else str(hours),
        "footing": edition.footing.value,
        "notes": list(edition.notes),
        "sources": list(edition.sources),
    }


def _decode_edition(row: Row) -> Edition:
    hours = row["credit_unit_hours"]
    return Edition(
        framework=FrameworkId(row["framework"]),
        label=row["label"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        level_count=row["level_count"],
        credit_unit_hours=None if hours is None else Decimal(hours),
        footing=Footing(row["footing"]),
        notes=tuple(row["notes"]),
        sources=_sources(row),
    )


def _encode_level(level: Level) -> dict[str, Any]:
    return {
        "framework": level.framework,
        "edition": level.edition,
        "notation": level.notation,
        "height": str(level.order),
        "title": None if level.title is None else dict(level.title),
        "qualification_types": list(level.qualification_types),
        "descriptors": {domain: dict(texts) for domain, texts in level.descriptors.items()},
        "parent": level.parent,
        "uri": level.published_uri,
        "aliases": list(level.aliases),
        "footing": level.footing.value,
        "sources": list(level.sources),
    }


def _decode_level(row: Row) -> Level:
    return Level(
        framework=FrameworkId(row["framework"]),
        edition=row["edition"],
        notation=row["notation"],
        order=Decimal(row["height"]),
        title=row["title"],
        qualification_types=tuple(row["qualification_types"]),
        descriptors=row["descriptors"],
        parent=row["parent"],
        published_uri=row["uri"],
        aliases=tuple(row["aliases"]),
        footing=Footing(row["footing"]),
        sources=_sources(row),
    )


def _encode_mapping(mapping: LevelMapping) -> dict[str, Any]:
    return {
        "id": mapping.id,
        **_encode_endpoint("from", mapping.origin),
        **_encode_endpoint("to", mapping.target),
        "relation": mapping.relation.value,
        "direction": mapping.direction.value,
        "publication": mapping.publication.value,
        "note": mapping.note,
        "disclaimer": mapping.disclaimer,
        "sources": list(mapping.sources),
    }


def _decode_mapping(row: Row) -> LevelMapping:
    return LevelMapping(
        origin=_decode_endpoint("from", row),
        target=_decode_endpoint("to", row),
        relation=Relation(row["relation"]),
        direction=Direction(row["direction"]),
        publication=Publication(row["publication"]),
        note=row["note"],
        disclaimer=row["disclaimer"],
        sources=_sources(row),
    )


def _encode_endpoint(side: str, endpoint: Endpoint) -> dict[str, Any]:
    return {
        f"{side}_framework": endpoint.framework,
        f"{side}_edition": endpoint.edition,
        f"{side}_level": endpoint.level,
    }


def _decode_endpoint(side: str, row: Row) -> Endpoint:
    return Endpoint(
        framework=FrameworkId(row[f"{side}_framework"]),
        edition=row[f"{side}_edition"],
        level=row[f"{side}_level"],
    )


def _encode_authority(authority: CompetentAuthority) -> dict[str, Any]:
    return {
        "id": authority.id,
        "jurisdiction": authority.jurisdiction,
        "name": dict(authority.name),
        "scope": dict(authority.scope),
        "isco": list(authority.isco),
        "url": authority.url,
        "as_of": authority.as_of,
        "sources": list(authority.sources),
    }


def _decode_authority(row: Row) -> CompetentAuthority:
    return CompetentAuthority(
        id=row["id"],
        jurisdiction=row["jurisdiction"],
        name=row["name"],
        scope=row["scope"],
        isco=tuple(row["isco"]),
        url=row["url"],
        as_of=row["as_of"],
        sources=_sources(row),
    )


def _sources(row: Row) -> tuple[SourceId, ...]:
    return tuple(map(SourceId, row["sources"]))


SOURCES = Codec(table=tables.sources, key=("id",), encode=_encode_source, decode=_decode_source)
FRAMEWORKS = Codec(
    table=tables.frameworks, key=("id",), encode=_encode_framework, decode=_decode_framework
)
EDITIONS = Codec(
    table=tables.framework_editions,
    key=("framework", "label"),
    encode=_encode_edition,
    decode=_decode_edition,
)
LEVELS = Codec(
    table=tables.framework_levels,
    key=("framework", "edition", "notation"),
    encode=_encode_level,
    decode=_decode_level,
)
MAPPINGS = Codec(
    table=tables.level_mappings, key=("id",), encode=_encode_mapping, decode=_decode_mapping
)
AUTHORITIES = Codec(
    table=tables.competent_authorities,
    key=("id",),
    encode=_encode_authority,
    decode=_decode_authority,
)
