"""The parts of the registry: the one list from which storing, exchanging and comparing follow.

A thing of a part is a row that is revised and never changed. What is not in this list is neither
read nor written, exported nor compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from skillpassport.db.framework_rows import (
    AUTHORITIES,
    EDITIONS,
    FRAMEWORKS,
    LEVELS,
    MAPPINGS,
    SOURCES,
    Codec,
)
from skillpassport.db.rule_rows import AGREEMENTS, PRECEDENTS, PROFESSIONS, RULES
from skillpassport.db.standard_rows import STANDARDS, UNIT_LINKS
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.registry import FrameworkRows

_MEMBERS: Final[Mapping[str, Codec[Any]]] = {
    "sources": SOURCES,
    "frameworks": FRAMEWORKS,
    "editions": EDITIONS,
    "levels": LEVELS,
    "authorities": AUTHORITIES,
    "standards": STANDARDS,
    "unit_links": UNIT_LINKS,
    "mappings": MAPPINGS,
    "rules": RULES,
    "agreements": AGREEMENTS,
    "precedents": PRECEDENTS,
    "professions": PROFESSIONS,
}
"""By the member of the registry's content, in the order in which they are written and told."""

PARTS: Final[Mapping[str, Codec[Any]]] = {each.table.name: each for each in _MEMBERS.values()}
"""By the name of the table, in the same order."""

FROM_PUBLISHERS: Final = (
    "taxonomies",
    "taxonomy_concepts",
    "taxonomy_relations",
    "taxonomy_terms",
    "qualifications",
    "qualification_titles",
    "qualification_terms",
)
"""Tables of the registry that every instance brings in from the publisher's own files."""

_OF_FRAMEWORKS: Final = frozenset(each.name for each in fields(FrameworkRows))


def content_of(values: Mapping[str, Sequence[Any]]) -> RegistryContent:
    """Return values by the name of their table as what the registry holds, or what is added."""
    by_member = {
        member: tuple(values.get(codec.table.name, ())) for member, codec in _MEMBERS.items()
    }
    rows = {member: by_member.pop(member) for member in _OF_FRAMEWORKS}
    return RegistryContent(rows=FrameworkRows(**rows), **by_member)


def parts_of(content: RegistryContent) -> Iterator[tuple[Codec[Any], Sequence[Any]]]:
    """Yield each part with what a content has of it."""
    for member, codec in _MEMBERS.items():
        yield codec, getattr(content.rows if member in _OF_FRAMEWORKS else content, member)
