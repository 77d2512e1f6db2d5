"""One box for all that the registry names: frameworks, qualifications, occupations, standards."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from skillpassport.equivalence.agreements import Agreement, AgreementIndex
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.model import Framework
from skillpassport.frameworks.qualifications import (
    FoundQualification,
    QualificationFilter,
    Qualifications,
)
from skillpassport.frameworks.registry import Registry
from skillpassport.frameworks.searching import all_names, best_match
from skillpassport.frameworks.standards import OccupationalStandard
from skillpassport.frameworks.taxonomies.catalogue import (
    ConceptSearch,
    FoundConcept,
    TaxonomyCatalogue,
)
from skillpassport.frameworks.taxonomies.model import (
    ATTRIBUTIONS,
    ConceptKind,
    Scheme,
    TaxonomyUnknown,
)
from skillpassport.web.agreement_words import KINDS
from skillpassport.web.translation import ENGLISH, Translation, translation

SHOWN: Final = 20
"""Of qualifications and of occupations: the best, in one page."""

OCCUPATIONS: Final = (
    (Scheme.ESCO, ConceptKind.OCCUPATION),
    (Scheme.ISCO_08, ConceptKind.OCCUPATION_GROUP),
)
"""Where occupations are looked for: in the first of these that was brought in."""


class FindingServices(Protocol):
    """What a search uses."""

    def registered_qualifications(self) -> AbstractContextManager[Qualifications]:
        """Return the qualifications, as they are while the context is open."""
        ...

    def taxonomy_catalogue(self) -> AbstractContextManager[TaxonomyCatalogue]:
        """Return the classifications, as they are while the context is open."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupations:
    """Occupations that a search found, and what their publisher asks to be said beside them."""

    found: Sequence[FoundConcept] = ()
    attribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, by kind."""

    frameworks: tuple[Framework, ...]
    qualifications: Sequence[FoundQualification] = ()
    standards: tuple[OccupationalStandard, ...] = ()
    occupations: Occupations = Occupations()
    agreements: tuple[Agreement, ...] = ()


def find(
    services: FindingServices,
    snapshot: RegistrySnapshot,
    q: str,
    jurisdiction: str,
    to: Translation,
) -> Found:
    """Return what a text finds; without one, every framework and nothing else.

    jurisdiction: empty for all; occupations are of no country
    to: the reader's language, in which countries and kinds of agreements are typed
    """
    registry = snapshot.registry
    frameworks = _frameworks(registry, q, jurisdiction)
    if not q:
        return Found(frameworks=frameworks)
    wanted = QualificationFilter(country=jurisdiction or None)
    with services.registered_qualifications() as known:
        qualifications = known.search(q, wanted, limit=SHOWN)
    return Found(
        frameworks=frameworks,
        qualifications=qualifications,
        standards=_standards(registry, q, jurisdiction),
        occupations=_occupations(services, q),
        agreements=_agreements(snapshot.agreements, q, jurisdiction, to),
    )


def _frameworks(registry: Registry, q: str, jurisdiction: str) -> tuple[Framework, ...]:
    """Return the frameworks that mention a text, else those whose names are spelled alike."""
    found = registry.search(jurisdiction=jurisdiction or None, q=q)
    if found or not q:
        return found
    there = registry.search(jurisdiction=jurisdiction or None)
    return tuple(one for one in there if best_match(_names_of(one), q) is not None)


def _names_of(framework: Framework) -> Mapping[str, Sequence[str]]:
    further = [*framework.aliases, *framework.abbreviations, framework.id]
    return all_names(framework.name, {"": further})


def _standards(registry: Registry, q: str, jurisdiction: str) -> tuple[OccupationalStandard, ...]:
    matches = [
        (match.order, one)
        for one in registry.standards(country=jurisdiction or None)
        if (match := best_match(_titles_of(one), q)) is not None
    ]
    return tuple(one for _, one in sorted(matches, key=lambda each: (each[0], each[1].id)))


def _titles_of(standard: OccupationalStandard) -> Mapping[str, Sequence[str]]:
    return all_names(standard.title, {"": [standard.id, standard.authority, *standard.isco]})


def _agreements(
    agreements: AgreementIndex, q: str, jurisdiction: str, to: Translation
) -> tuple[Agreement, ...]:
    matches = [
        (match.order, one)
        for one in agreements.search()
        if not jurisdiction or one.concerns(jurisdiction)
        if (match := best_match(_named_in(one, to), q)) is not None
    ]
    return tuple(one for _, one in sorted(matches, key=lambda each: (each[0], each[1].slug)))[
        :SHOWN
    ]


def _named_in(agreement: Agreement, to: Translation) -> Mapping[str, Sequence[str]]:
    """Return what an agreement is looked for by: its own name, and words about it together."""
    countries = (*agreement.origins, *agreement.destinations)
    kind = KINDS.get(agreement.kind, agreement.kind)
    sector = str(agreement.details.get("sector", ""))
    about = " ".join((kind, sector, *agreement.parties))
    return {
        ENGLISH: [
            agreement.slug,
            " ".join((about, *map(translation(ENGLISH).country, countries))),
        ],
        to.language: [" ".join((to.text(kind), about, *map(to.country, countries)))],
    }


def _occupations(services: FindingServices, q: str) -> Occupations:
    with services.taxonomy_catalogue() as catalogue:
        for scheme, kind in OCCUPATIONS:
            try:
                taxonomy = catalogue.named(scheme.value)
            except TaxonomyUnknown:
                continue
            found = catalogue.search(taxonomy, ConceptSearch(text=q, kind=kind), limit=SHOWN)
            return Occupations(found=found, attribution=ATTRIBUTIONS[scheme])
    return Occupations()
