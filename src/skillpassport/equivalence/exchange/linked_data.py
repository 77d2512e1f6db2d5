"""The registry as JSON-LD: every framework, edition, level and statement under a stable URI."""

from collections.abc import Iterator, Mapping
from typing import Final

from skillpassport.equivalence.model import Endpoint, LevelMapping
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.model import Edition, Framework, FrameworkId, Level, Source
from skillpassport.frameworks.registry import Registry
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.vocabulary import level_uri, mapping_uri, source_uri

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_DCT: Final = "http://purl.org/dc/terms/"
_TERM: Final = "urn:skillpassport:term:"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

CONTEXT: Final[JsonObject] = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    "graph": "@graph",
    "Framework": f"{_TERM}Framework",
    "Edition": f"{_SKOS}ConceptScheme",
    "Level": f"{_SKOS}Concept",
    "LevelMapping": f"{_TERM}LevelMapping",
    "Source": f"{_DCT}BibliographicResource",
    "name": {"@id": f"{_SKOS}prefLabel", "@container": "@language"},
    "notation": f"{_SKOS}notation",
    "inScheme": {"@id": f"{_SKOS}inScheme", "@type": "@id"},
    "isEditionOf": {"@id": f"{_DCT}isVersionOf", "@type": "@id"},
    "source": {"@id": f"{_DCT}source", "@type": "@id", "@container": "@set"},
    "title": f"{_DCT}title",
    "where": f"{_DCT}identifier",
    "validFrom": {"@id": f"{_TERM}validFrom", "@type": f"{_XSD}date"},
    "validUntil": {"@id": f"{_TERM}validUntil", "@type": f"{_XSD}date"},
    "jurisdiction": {"@id": f"{_TERM}jurisdiction", "@container": "@set"},
    "kind": f"{_TERM}frameworkKind",
    "status": f"{_TERM}status",
    "footing": f"{_TERM}footing",
    "relation": f"{_TERM}relation",
    "direction": f"{_TERM}direction",
    "publication": f"{_TERM}publication",
    "fromLevel": {"@id": f"{_TERM}fromLevel", "@type": "@id"},
    "toLevel": {"@id": f"{_TERM}toLevel", "@type": "@id"},
    "toFramework": {"@id": f"{_TERM}toFramework", "@type": "@id"},
    "order": {"@id": f"{_TERM}order", "@type": f"{_XSD}decimal"},
    "label": f"{_TERM}editionLabel",
    "disclaimer": f"{_TERM}disclaimer",
}


def linked_data(content: RegistryContent, registry: Registry) -> JsonObject:
    """Return frameworks, editions, levels, statements about levels and sources as one document.

    A statement keeps its direction, footing and reservation; none is turned into `skos:exactMatch`,
    which would say that two levels can be exchanged.
    """
    rows = content.rows
    names = {one.id: one.uri for one in rows.frameworks}
    return {
        "@context": CONTEXT,
        "graph": [
            *map(_framework, rows.frameworks),
            *(_edition(one, names[one.framework]) for one in rows.editions),
            *map(_level, rows.levels),
            *(one for mapping in content.mappings for one in _mapping(mapping, registry, names)),
            *map(_source, rows.sources),
        ],
    }


def _framework(framework: Framework) -> JsonObject:
    return {
        "id": framework.uri,
        "type": "Framework",
        "name": dict(framework.name),
        "kind": framework.kind,
        "status": framework.status.value,
        "footing": framework.footing.value,
        "jurisdiction": [*framework.jurisdictions],
        "source": [source_uri(one) for one in framework.sources],
    }


def _edition(edition: Edition, framework: str) -> JsonObject:
    return {
        "id": edition.uri,
        "type": "Edition",
        "isEditionOf": framework,
        "label": edition.label,
        "footing": edition.footing.value,
        "source": [source_uri(one) for one in edition.sources],
        **({} if edition.valid_from is None else {"validFrom": edition.valid_from.isoformat()}),
        **({} if edition.valid_until is None else {"validUntil": edition.valid_until.isoformat()}),
    }


def _level(level: Level) -> JsonObject:
    return {
        "id": level.uri,
        "type": "Level",
        "notation": level.notation,
        "order": str(level.order),
        "footing": level.footing.value,
        "source": [source_uri(one) for one in level.sources],
        **({} if level.title is None else {"name": dict(level.title)}),
    }


def _mapping(
    mapping: LevelMapping, registry: Registry, names: Mapping[FrameworkId, str]
) -> Iterator[JsonObject]:
    origin = _end(mapping.origin, registry)
    if origin is None:
        return
    target = _end(mapping.target, registry)
    yield {
        "id": mapping_uri(mapping.id),
        "type": "LevelMapping",
        "fromLevel": origin,
        "toFramework": names[mapping.target.framework],
        **({} if target is None else {"toLevel": target}),
        "relation": mapping.relation.value,
        "direction": mapping.direction.value,
        "publication": mapping.publication.value,
        "source": [source_uri(one) for one in mapping.sources],
        **({"disclaimer": mapping.disclaimer} if mapping.disclaimer else {}),
    }


def _end(end: Endpoint, registry: Registry) -> str | None:
    """Return the URI of the level at one side; None on the far side of a gap."""
    if end.level is None:
        return None
    newest = registry.newest_edition(end.framework)
    label = end.edition or (newest.label if newest is not None else "current")
    found = registry.find_level(end.framework, label, end.level)
    return level_uri(end.framework, label, end.level) if found is None else found.uri


def _source(source: Source) -> JsonObject:
    return {
        "id": source_uri(source.id),
        "type": "Source",
        "title": source.title,
        "where": source.where,
    }
