"""What others ask of the stored classifications; `skillpassport.db.taxonomies` answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from skillpassport.frameworks.searching import Match
from skillpassport.frameworks.taxonomies.model import (
    Concept,
    ConceptKind,
    Related,
    RelationKind,
    Taxonomy,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConcept:
    """A concept, and the name of it that a search found."""

    concept: Concept
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptSearch:
    """What to look for among the concepts of a classification.

    language: look at names in this one alone; kind: at concepts of this kind alone
    """

    text: str
    language: str | None = None
    kind: ConceptKind | None = None


class TaxonomyCatalogue(Protocol):
    """The classifications of one state of the registry."""

    def all(self) -> Sequence[Taxonomy]:
        """Return every version that is known, each as it was brought in last."""
        ...

    def named(self, text: str) -> Taxonomy:
        """Return a classification by its scheme, in its newest version, or by `scheme@version`.

        Raises: TaxonomyUnknown
        """
        ...

    def concept(self, taxonomy: Taxonomy, reference: str) -> Concept:
        """Return a concept by its URI or code.

        Raises: ConceptUnknown
        """
        ...

    def concepts(
        self, taxonomy: Taxonomy, *, kind: ConceptKind | None, after: str | None, limit: int
    ) -> Sequence[Concept]:
        """Return concepts in the order of their URIs, those behind one of them."""
        ...

    def search(
        self, taxonomy: Taxonomy, wanted: ConceptSearch, *, limit: int
    ) -> Sequence[FoundConcept]:
        """Return the concepts whose names answer a search best, best first."""
        ...

    def labelled(self, taxonomy: Taxonomy, label: str) -> Sequence[Concept]:
        """Return the concepts that have a name equal to this after folding, in any language."""
        ...

    def related(
        self, taxonomy: Taxonomy, uri: str, kind: RelationKind | None = None
    ) -> Sequence[Related]:
        """Return what a concept relates to: wider concepts, the skills of an occupation.

        Raises: ConceptUnknown
        """
        ...

    def relating(
        self, taxonomy: Taxonomy, uri: str, kind: RelationKind | None = None
    ) -> Sequence[Related]:
        """Return what relates to a concept: narrower concepts, the occupations of a skill.

        Raises: ConceptUnknown
        """
        ...
