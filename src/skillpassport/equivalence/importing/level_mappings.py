"""Statements about levels in a table: the layout of `level_mappings.csv`."""

from typing import Final

from skillpassport.equivalence.model import (
    Direction,
    Endpoint,
    LevelMapping,
    Publication,
    Relation,
)
from skillpassport.frameworks.errors import EditionUnknown
from skillpassport.frameworks.importing.cells import chosen
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.edition_file import edition_label, known_framework
from skillpassport.frameworks.importing.level_file import notation_of
from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.table_file import Row
from skillpassport.frameworks.model import Edition, FrameworkId
from skillpassport.frameworks.registry import Registry

REQUIRED: Final = (
    *("from_framework", "from_level", "to_framework", "to_level"),
    *("relation", "direction", "status"),
)
OPTIONAL: Final = (
    *("from_edition", "to_edition", "source_id", "source"),
    *("note", "disclaimer"),
)


def read_level_mapping(row: Row, registry: Registry, citations: Citations) -> LevelMapping:
    """Return the statement of a row, between frameworks of the registry.

    A level that no list has is taken as the statement names it, unless the edition's list is whole.

    citations: strict, since a statement without its source is none
    Raises: RowRefused
    """
    relation = chosen(row, "relation", Relation)
    origin = _endpoint(row, "from", registry)
    target = _endpoint(row, "to", registry)
    _check_ends(origin, target, relation)
    sources = citations.cite(row.listed("source_id"), row["source"])
    if not sources:
        raise RowRefused(
            "source_id", "source-missing", "Expected the source of the statement; name it."
        )
    return LevelMapping(
        origin=origin,
        target=target,
        relation=relation,
        direction=chosen(row, "direction", Direction),
        publication=chosen(row, "status", Publication),
        sources=sources,
        note=row["note"],
        disclaimer=row["disclaimer"],
    )


def _endpoint(row: Row, side: str, registry: Registry) -> Endpoint:
    framework = known_framework(row, f"{side}_framework", registry)
    if not registry.framework(framework).is_comparable:
        raise RowRefused(
            f"{side}_framework",
            "framework-none",
            f"Expected a framework, found '{framework}', the record that there is none.",
        )
    label = row[f"{side}_edition"]
    edition = _edition(framework, label, f"{side}_edition", registry)
    level = row[f"{side}_level"]
    if level and edition is not None:
        level = _level(level, f"{side}_level", edition, registry)
    return Endpoint(framework=framework, edition=label or None, level=level or None)


def _edition(framework: FrameworkId, label: str, column: str, registry: Registry) -> Edition | None:
    """Return the edition that is named, else the one that a statement without edition speaks of."""
    if not label:
        return registry.newest_edition(framework)
    try:
        return registry.edition(registry.framework(framework), edition_label(label, column))
    except EditionUnknown as error:
        raise RowRefused(column, error.code, error.message) from error


def _level(text: str, column: str, edition: Edition, registry: Registry) -> str:
    if registry.has_level(edition, text) or not registry.lists_every_level(edition):
        return notation_of(text, column)
    levels = ", ".join(
        f"'{one.notation}'" for one in registry.levels(edition.framework, edition.label)
    )
    raise RowRefused(
        column,
        "level-unknown",
        f"Expected a level of '{edition.framework}' edition '{edition.label}', whose levels are "
        f"{levels}; found '{text}'. Give one of those, or another edition.",
    )


def _check_ends(origin: Endpoint, target: Endpoint, relation: Relation) -> None:
    if origin.level is None:
        raise RowRefused("from_level", "cell-empty", "Expected a level, found none; fill it in.")
    if (target.level is None) != (relation is Relation.NO_COMPARABLE_LEVEL):
        raise RowRefused(
            "to_level",
            "gap-unclear",
            "Expected a level, or none where the relation is 'no_comparable_level'.",
        )
    if origin == target or (
        relation is not Relation.REPLACES
        and (origin.framework, origin.edition) == (target.framework, target.edition)
    ):
        raise RowRefused(
            "to_framework", "ends-alike", "Expected two frameworks or editions, found one twice."
        )
