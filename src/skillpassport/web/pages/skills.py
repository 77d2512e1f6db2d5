"""Names of ESCO skills that somebody's units or outcomes are said to be about."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Final, Protocol

from skillpassport.frameworks.taxonomies.catalogue import TaxonomyCatalogue
from skillpassport.frameworks.taxonomies.model import ConceptUnknown, Scheme, TaxonomyUnknown
from skillpassport.languages import LanguageMap

MOST: Final = 200
"""Skills named on one page; each is one small question to the database."""


class SkillServices(Protocol):
    """What naming skills uses."""

    def taxonomy_catalogue(self) -> AbstractContextManager[TaxonomyCatalogue]:
        """Return the classifications, as they are while the context is open."""
        ...


def names_of_skills(services: SkillServices, uris: Iterable[str]) -> Mapping[str, LanguageMap]:
    """Return the names of skills by their URIs; of those alone that ESCO here has."""
    wanted = list(dict.fromkeys(uris))[:MOST]
    if not wanted:
        return {}
    with services.taxonomy_catalogue() as catalogue:
        try:
            esco = catalogue.named(Scheme.ESCO.value)
        except TaxonomyUnknown:
            return {}
        found = {}
        for uri in wanted:
            try:
                found[uri] = catalogue.concept(esco, uri).labels
            except ConceptUnknown:
                continue
        return found
