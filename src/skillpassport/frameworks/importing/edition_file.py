"""Editions of frameworks in a table."""

from typing import Final

from skillpassport.frameworks.importing.cells import day, decimal_number, whole_number
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.framework_file import framework_id
from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.table_file import Row
from skillpassport.frameworks.model import Edition, Footing, FrameworkId
from skillpassport.frameworks.registry import Registry

REQUIRED: Final = ("framework", "edition")
OPTIONAL: Final = (
    *("valid_from", "valid_to", "level_count", "credit_unit_hours"),
    *("source_id", "source", "note"),
)

_MAX_LABEL: Final = 60


def read_edition(row: Row, registry: Registry, citations: Citations) -> Edition:
    """Return the edition of a row; its framework is in the registry.

    Raises: RowRefused
    """
    framework = known_framework(row, "framework", registry)
    valid_from, valid_until = day(row, "valid_from"), day(row, "valid_to")
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise RowRefused(
            "valid_to",
            "dates-reversed",
            f"Expected a day not before {valid_from}, found {valid_until}; correct one of them.",
        )
    hours = decimal_number(row, "credit_unit_hours")
    sources = citations.cite(row.listed("source_id"), row["source"])
    cited = sources or registry.framework(framework).sources
    return Edition(
        framework=framework,
        label=edition_label(row.needed("edition"), "edition"),
        # What nothing is cited for is known by the framework's own record alone.
        footing=Footing.READ if sources else registry.framework(framework).footing,
        sources=cited,
        valid_from=valid_from,
        valid_until=valid_until,
        level_count=whole_number(row, "level_count"),
        credit_unit_hours=hours,
        notes=(row["note"],) if row["note"] else (),
    )


def known_framework(row: Row, column: str, registry: Registry) -> FrameworkId:
    """Return the id of a framework that is in the registry.

    Raises: RowRefused
    """
    text = row.needed(column)
    identifier = framework_id(text, column)
    if not registry.has_framework(identifier):
        raise RowRefused(
            column,
            "framework-unknown",
            f"Expected a framework of the registry, found '{text}'; bring it in first with "
            "`skillpassport import frameworks`.",
        )
    return identifier


def edition_label(text: str, column: str) -> str:
    """Return the label of an edition, which may not have the `@` that stands before it.

    Raises: RowRefused
    """
    if "@" in text or len(text) > _MAX_LABEL:
        raise RowRefused(
            column,
            "edition-malformed",
            f"Expected a label of at most {_MAX_LABEL} characters without '@', such as '2023'.",
        )
    return text
