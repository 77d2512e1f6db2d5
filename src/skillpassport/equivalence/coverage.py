"""Which countries the registry reaches, and what it holds: counted, never claimed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from skillpassport.equivalence.model import LevelMapping
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.equivalence.standing import Standing, standing_of
from skillpassport.frameworks.model import Footing, Framework, Source, SourceId
from skillpassport.frameworks.registry import Registry, is_of


class Reach(StrEnum):
    """What the registry can say about qualifications of a country, best first."""

    REACHED = "reached"  # a usable statement relates a level of its to a framework of elsewhere
    PARTLY_REACHED = "partly_reached"  # something about its framework was read
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCoverage:
    """What the registry knows of one country.

    statements: how many usable statements relate a framework of it to one of elsewhere
    """

    country: str
    reach: Reach
    standing: Standing
    frameworks: tuple[Framework, ...]
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSource:
    """A source, and how many rows cite it: of frameworks, statements, rules, authorities."""

    source: Source
    cited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The whole registry in numbers, country by country and source by source."""

    revision: str
    countries: tuple[CountryCoverage, ...]
    frameworks: Mapping[str, int]
    editions: int
    levels: Mapping[str, int]
    statements: Mapping[str, int]
    sources: tuple[CitedSource, ...]

    def reached(self, reach: Reach) -> int:
        """Return how many countries are reached so far."""
        return sum(one.reach is reach for one in self.countries)


def measure_coverage(snapshot: RegistrySnapshot, countries: Collection[str]) -> Coverage:
    """Return what the registry holds.

    countries: ISO 3166-1 codes to tell of; countries that have a framework are told of besides
    """
    registry, mappings = snapshot.registry, snapshot.mappings.statements()
    frameworks = registry.search()
    usable = _usable_by_framework(mappings, registry)
    editions = [one for each in frameworks for one in registry.editions(each.id)]
    levels = [one for each in editions for one in registry.levels(each.framework, each.label)]
    return Coverage(
        revision=snapshot.revision,
        countries=tuple(_country(registry, usable, code) for code in sorted(countries)),
        frameworks=Counter(one.status.value for one in frameworks),
        editions=len(editions),
        levels=Counter(one.footing.value for one in levels),
        statements=Counter(one.publication.value for one in mappings),
        sources=_sources(
            registry,
            (
                *(one.sources for one in frameworks),
                *(one.sources for one in editions),
                *(one.sources for one in levels),
                *(one.sources for one in mappings),
                *(one.sources for one in snapshot.rules),
                *(way.sources for one in snapshot.professions for way in one.ways),
                *(one.sources for one in registry.authorities()),
                *(one.sources for one in registry.standards()),
                *(
                    link.sources
                    for one in registry.standards()
                    for link in registry.links_to(one.id)
                ),
            ),
        ),
    )


def _country(registry: Registry, usable: Mapping[str, int], code: str) -> CountryCoverage:
    frameworks = tuple(one for one in registry.search() if is_of(one, code))
    statements = sum(usable.get(one.id, 0) for one in frameworks)
    read = any(one.footing is not Footing.UNVERIFIED for one in frameworks)
    reach = Reach.PARTLY_REACHED if read else Reach.NOT_REACHED
    return CountryCoverage(
        country=code,
        reach=Reach.REACHED if statements else reach,
        standing=standing_of(registry, code),
        frameworks=frameworks,
        statements=statements,
    )


def _usable_by_framework(mappings: Iterable[LevelMapping], registry: Registry) -> Mapping[str, int]:
    """Count the statements that answer across borders, by each framework that they are about."""
    counted: Counter[str] = Counter()
    for mapping in mappings:
        ends = (mapping.origin.framework, mapping.target.framework)
        places = [_places(registry.framework(end)) for end in ends]
        if mapping.publication.is_usable and places[0].isdisjoint(places[1]):
            counted.update(map(str, ends))
    return counted


def _places(framework: Framework) -> set[str]:
    return {jurisdiction.partition("-")[0] for jurisdiction in framework.jurisdictions}


def _sources(registry: Registry, cited: Iterable[tuple[SourceId, ...]]) -> tuple[CitedSource, ...]:
    """Return every source, so that whatever cites one leads to it."""
    counts = Counter(source for sources in cited for source in sources)
    return tuple(CitedSource(source=one, cited=counts[one.id]) for one in registry.sources())
