"""Builders of frameworks and mappings, and the routes about them around a snapshot."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from starlette.testclient import TestClient

from skillpassport.clock import Clock, FixedClock
from skillpassport.equivalence.answer import Answer, Place
from skillpassport.equivalence.catalogue import NoQualifications, QualificationCatalogue
from skillpassport.equivalence.comparing import compare_level
from skillpassport.equivalence.model import (
    Direction,
    Endpoint,
    LevelMapping,
    Publication,
    Relation,
)
from skillpassport.equivalence.questions import LevelQuestion
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.model import (
    CompetentAuthority,
    Edition,
    Footing,
    Framework,
    FrameworkId,
    FrameworkStatus,
    Level,
    Source,
    SourceId,
)
from skillpassport.frameworks.registry import FrameworkRows
from tests.support.web import FakeServices, a_web_app

TODAY = dt.date(2026, 11, 22)
SOURCE = SourceId("SRC")
NUMBERS = ("1", "2", "3")


def a_source(id: str = SOURCE) -> Source:
    return Source(id=SourceId(id), title="A table", where="an address", read="table")


def a_framework(
    id: str,
    *,
    status: FrameworkStatus = FrameworkStatus.OFFICIAL,
    aliases: tuple[str, ...] = (),
    abbreviations: tuple[str, ...] = (),
    name: str | None = None,
    jurisdictions: tuple[str, ...] | None = None,
) -> Framework:
    return Framework(
        id=FrameworkId(id),
        name={"en": name or f"Framework {id}"},
        kind="national",
        status=status,
        jurisdictions=jurisdictions or (id.partition(":")[0],),
        footing=Footing.READ,
        sources=(SOURCE,),
        aliases=aliases,
        abbreviations=abbreviations,
    )


def an_edition(
    framework: str,
    label: str = "current",
    *,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> Edition:
    return Edition(
        framework=FrameworkId(framework),
        label=label,
        footing=Footing.READ,
        sources=(SOURCE,),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def some_levels(
    framework: str, edition: str = "current", notations: Iterable[str] = NUMBERS
) -> tuple[Level, ...]:
    return tuple(
        Level(
            framework=FrameworkId(framework),
            edition=edition,
            notation=notation,
            order=Decimal(place),
            footing=Footing.READ,
            sources=(SOURCE,),
        )
        for place, notation in enumerate(notations, start=1)
    )


def a_mapping(
    origin: str,
    target: str,
    *,
    relation: Relation = Relation.REFERENCED,
    direction: Direction = Direction.BOTH,
    publication: Publication = Publication.PUBLISHED,
    source: str = SOURCE,
    disclaimer: str = "",
) -> LevelMapping:
    """Return a mapping written as `AA:X 1` to `EU:Y@2012 3`; a target `EU:Y -` is a gap."""
    is_gap = target.endswith(" -")
    return LevelMapping(
        origin=an_endpoint(origin),
        target=an_endpoint(target),
        relation=Relation.NO_COMPARABLE_LEVEL if is_gap else relation,
        direction=Direction.FORWARD if is_gap else direction,
        publication=publication,
        sources=(SourceId(source),),
        disclaimer=disclaimer,
    )


def an_endpoint(text: str) -> Endpoint:
    place, _, level = text.partition(" ")
    framework, _, edition = place.partition("@")
    return Endpoint(
        framework=FrameworkId(framework),
        edition=edition or None,
        level=None if level == "-" else level,
    )


def a_snapshot(
    *mappings: LevelMapping,
    frameworks: Iterable[Framework] | None = None,
    editions: Iterable[Edition] | None = None,
    levels: Iterable[Level] | None = None,
    authorities: Iterable[CompetentAuthority] = (),
) -> RegistrySnapshot:
    """Return a snapshot; what the mappings name is made up with levels 1 to 3 unless given."""
    ends = [end for mapping in mappings for end in (mapping.origin, mapping.target)]
    ids = sorted({end.framework for end in ends})
    listed = tuple(map(a_framework, ids)) if frameworks is None else tuple(frameworks)
    held = tuple(an_edition(one.id) for one in listed) if editions is None else tuple(editions)
    if levels is None:
        levels = [level for one in held for level in some_levels(one.framework, one.label)]
    cited = {source for mapping in mappings for source in mapping.sources} | {SOURCE}
    rows = FrameworkRows(
        sources=tuple(map(a_source, sorted(cited))),
        frameworks=listed,
        editions=held,
        levels=tuple(levels),
        authorities=tuple(authorities),
    )
    return RegistrySnapshot.of(rows, mappings)


@cache
def the_seed() -> RegistrySnapshot:
    """Return the registry as the seed describes it."""
    return read_registry_seed().snapshot()


def ask(
    snapshot: RegistrySnapshot,
    origin: str,
    target: str,
    *,
    on: dt.date | None = None,
    include_superseded: bool = False,
) -> Answer:
    """Ask what `AA:X 1` means in `EU:Y`, or in a country when the target has no colon."""
    framework, _, level = origin.partition(" ")
    is_framework = ":" in target
    return compare_level(
        snapshot,
        LevelQuestion(
            framework=framework,
            level=level,
            to_framework=target if is_framework else None,
            to_country=None if is_framework else target,
            on=on or TODAY,
            is_day_given=on is not None,
            include_superseded=include_superseded,
        ),
    )


def levels_of(answer: Answer) -> list[str | None]:
    """Return the levels that were answered, in their order."""
    return [one.target.level for one in answer.answers]


def candidates_of(answer: Answer) -> list[Place]:
    """Return the places that are no answers but may be looked into, in their order."""
    return [one.place for one in answer.candidates if one.place is not None]


class RegistryServices(FakeServices):
    """The services that the routes about the registry need."""

    def __init__(
        self, snapshot: RegistrySnapshot, catalogue: QualificationCatalogue | None = None
    ) -> None:
        super().__init__()
        self.catalogue = catalogue or NoQualifications()
        self.clock: Clock = FixedClock(dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC))
        self.snapshot = snapshot

    def registry(self) -> RegistrySnapshot:
        return self.snapshot

    def qualification_catalogue(self) -> QualificationCatalogue:
        return self.catalogue


def a_registry_client(snapshot: RegistrySnapshot | None = None) -> TestClient:
    """Return a client of the routes about the registry, over the seed unless told otherwise."""
    app = a_web_app(RegistryServices(snapshot or the_seed()))
    return TestClient(app, raise_server_exceptions=False)
