"""The EU's vocabulary of national frameworks, as a table: addresses of frameworks and levels.

European credentials name levels by these addresses alone. A row is about a framework that is there,
found by its address, or by its country with its name or abbreviation; the vocabulary adds addresses
and, where an edition has no list of levels, the levels themselves. It never renames anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.table_file import Row
from skillpassport.frameworks.model import (
    Edition,
    Footing,
    Framework,
    Level,
    Source,
    SourceId,
)
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry

REQUIRED: Final = (
    "framework_abbr",
    "jurisdiction",
    "framework_uri",
    "framework_name",
    "level_notation",
    "level_uri",
)
OPTIONAL: Final = ("level_label",)

SOURCE: Final = Source(
    id=SourceId("EU-QDR"),
    title=(
        "EU vocabulary of national qualifications frameworks and their levels "
        "(European Learning Model, controlled lists)"
    ),
    where="http://data.europa.eu/snb/qdr",
)
"""Where the registry does not have it yet; what is there stays as it is."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a row comes to: a framework and one of its levels, each with its address."""

    framework: Framework
    level: Level


def read_addressed(row: Row, registry: Registry) -> Addressed:
    """Return the framework and level of a row with their addresses.

    Raises: RowRefused
    """
    framework = _framework(row, registry)
    edition = registry.newest_edition(framework.id)
    if edition is None:
        raise RowRefused(
            "framework_abbr",
            "edition-unknown",
            f"Framework '{framework.id}' has no edition yet; bring that in first with "
            "`skillpassport import editions`.",
        )
    return Addressed(
        replace(framework, published_uri=framework.published_uri or row.needed("framework_uri")),
        _level(row, framework, edition, registry),
    )


def _framework(row: Row, registry: Registry) -> Framework:
    address = row.needed("framework_uri")
    codes = row.needed("jurisdiction").split("|")
    found_there = (one for code in codes for one in registry.search(jurisdiction=code))
    of_country = list({one.id: one for one in found_there}.values())
    names = {fold(row["framework_name"]), fold(row.needed("framework_abbr"))}
    for found in (
        [one for one in of_country if one.published_uri == address],
        [one for one in of_country if names & _names(one)],
    ):
        if len(found) == 1:
            return found[0]
    raise RowRefused(
        "framework_abbr",
        "framework-unknown",
        "Expected the address, name or abbreviation of one framework of this country, found "
        f"{'several' if len(of_country) > 1 else 'none'} that fits; give the framework this "
        "address with `skillpassport import frameworks`.",
    )


def _names(framework: Framework) -> set[str]:
    return {fold(text) for text in (*framework.name.values(), *framework.acronyms)}


def _level(row: Row, framework: Framework, newest: Edition, registry: Registry) -> Level:
    """Return the level that a row means: the vocabulary names no edition, and keeps older ones."""
    notation, address = row.needed("level_notation"), row.needed("level_uri")
    others = (one.label for one in reversed(registry.editions(framework.id)))
    editions = dict.fromkeys((newest.label, *others))
    listed = [one for label in editions for one in registry.levels(framework.id, label)]
    known = next((one for one in listed if one.published_uri == address), None)
    for label in editions:
        known = known or registry.find_level(framework.id, label, notation)
    if known is not None:
        return _with_address(known, address)
    if listed:
        raise RowRefused(
            "level_notation",
            "level-unknown",
            f"No edition of '{framework.id}' has a level of this notation: {_some(listed)}. Which "
            "one holds is for a person to say: leave the row out, or bring in the list of levels.",
        )
    return Level(
        framework=framework.id,
        edition=newest.label,
        notation=notation,
        order=_order(notation),
        footing=Footing.READ,
        sources=(SOURCE.id,),
        published_uri=address,
    )


def _with_address(level: Level, address: str) -> Level:
    if level.published_uri == address:
        return level
    if level.published_uri is not None:
        raise RowRefused(
            "level_uri",
            "address-differs",
            f"Level '{level.notation}' of '{level.framework}' has another address already; which "
            "one holds is for a person to say.",
        )
    return replace(
        level, published_uri=address, sources=tuple(dict.fromkeys((*level.sources, SOURCE.id)))
    )


def _order(notation: str) -> Decimal:
    """Return the place of a level whose notation is a plain figure.

    Only places within one framework are told by it; nothing is compared across frameworks.

    Raises: RowRefused
    """
    if not (notation.isascii() and notation.replace(".", "", 1).isdigit()):
        raise RowRefused(
            "level_notation",
            "order-unknown",
            "Expected a plain figure, since the vocabulary does not tell the order of its levels; "
            "bring in the list with `skillpassport import levels`.",
        )
    return Decimal(notation)


def _some(levels: Sequence[Level]) -> str:
    return ", ".join(f"'{one.notation}'" for one in levels[:12])


def merged(rows: Sequence[Addressed]) -> tuple[tuple[Framework, ...], tuple[Level, ...]]:
    """Return each framework and each level once."""
    frameworks: Mapping[str, Framework] = {one.framework.id: one.framework for one in rows}
    levels = {
        (one.level.framework, one.level.edition, one.level.notation): one.level for one in rows
    }
    return tuple(frameworks.values()), tuple(levels.values())
