"""Levels of editions in a table."""

from collections.abc import Mapping
from typing import Final

from skillpassport.frameworks.errors import EditionUnknown
from skillpassport.frameworks.importing.cells import decimal_number
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.edition_file import edition_label, known_framework
from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.table_file import Row
from skillpassport.frameworks.model import Edition, Footing, FrameworkId, Level
from skillpassport.frameworks.registry import Registry

REQUIRED: Final = ("framework", "edition", "notation", "order")
OPTIONAL: Final = (
    *("aliases", "parent", "qualification_types", "uri"),
    *("status", "source_id", "source"),
)

DOMAINS: Final = ("knowledge", "skills", "responsibility_autonomy")
"""Domains of descriptors; those of Annex II of the EQF recommendation of 2017."""

BY_LANGUAGE: Final = ("title", *DOMAINS)
"""Columns that are there once for each language: `title_en`, `knowledge_fr`."""

FOOTINGS: Final = {
    "": Footing.READ,
    "published": Footing.READ,
    "secondary_source": Footing.SECONDARY_SOURCE,
    "mapping": Footing.NAMED,  # named by a mapping alone
    "unknown": Footing.NAMED,  # counted by the edition alone
    "unverified": Footing.UNVERIFIED,
}
"""What the word in `status` says that a level stands on."""

MAX_NOTATION: Final = 60


def read_level(row: Row, registry: Registry, citations: Citations) -> Level:
    """Return the level of a row; its edition is in the registry.

    Raises: RowRefused
    """
    edition = _edition(row, registry)
    order = decimal_number(row, "order")
    if order is None:
        raise RowRefused("order", "cell-empty", "Expected the place among the levels, found none.")
    return Level(
        framework=edition.framework,
        edition=edition.label,
        notation=notation_of(row.needed("notation"), "notation"),
        order=order,
        footing=_footing(row),
        sources=citations.cite(row.listed("source_id"), row["source"]) or edition.sources,
        aliases=tuple(notation_of(alias, "aliases") for alias in row.listed("aliases")),
        title=row.by_language("title") or None,
        qualification_types=row.listed("qualification_types", "|"),
        parent=row["parent"] or None,
        published_uri=row["uri"] or None,
        descriptors=_descriptors(row, edition, registry),
    )


def _descriptors(row: Row, edition: Edition, registry: Registry) -> Mapping[str, Mapping[str, str]]:
    """Return what a row says by domain; a file without such columns leaves what is there.

    Raises: RowRefused
    """
    if any(map(row.has_by_language, DOMAINS)):
        return {domain: texts for domain in DOMAINS if (texts := row.by_language(domain))}
    there = registry.find_level(edition.framework, edition.label, row["notation"])
    return {} if there is None else there.descriptors


def notation_of(text: str, column: str) -> str:
    """Return a level's notation, which is text: `4+`, `VI`, `Entry 3`.

    Raises: RowRefused
    """
    if len(text) > MAX_NOTATION:
        raise RowRefused(
            column, "notation-malformed", f"Expected at most {MAX_NOTATION} characters; shorten it."
        )
    return text


def _edition(row: Row, registry: Registry) -> Edition:
    framework = FrameworkId(known_framework(row, "framework", registry))
    label = edition_label(row.needed("edition"), "edition")
    try:
        return registry.edition(registry.framework(framework), label)
    except EditionUnknown as error:
        raise RowRefused(
            "edition",
            "edition-unknown",
            f"{error.message} Bring it in first with `skillpassport import editions`.",
        ) from error


def _footing(row: Row) -> Footing:
    word = row["status"]
    if word not in FOOTINGS:
        known = ", ".join(f"'{one}'" for one in FOOTINGS if one)
        raise RowRefused("status", "word-unknown", f"Expected one of {known}, found '{word}'.")
    return FOOTINGS[word]
