"""Builders of recognition rules, and the published Dutch ones around a client."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache

from skillpassport.equivalence.agreements import Agreement, AgreementId, PartialDate
from skillpassport.equivalence.answer import Answer
from skillpassport.equivalence.catalogue import QualificationCatalogue
from skillpassport.equivalence.conditions import Condition
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.importing.recognition_rules import read_rule_file
from skillpassport.equivalence.model import LevelMapping, Publication
from skillpassport.equivalence.precedents import Precedent
from skillpassport.equivalence.professions import RegulatedProfession
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import Purpose, QualificationQuestion
from skillpassport.equivalence.rules import (
    FrameworkLevels,
    RecognitionRule,
    RuleId,
    RuleOutcome,
    RuleResult,
    RuleStatus,
    rule_id,
)
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.importing.citing import read_sources
from skillpassport.frameworks.model import Footing, FrameworkId, SourceId
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.vc.strict_json import JsonValue
from tests.support.registry import (
    SOURCE,
    TODAY,
    a_framework,
    a_source,
    an_edition,
    some_levels,
)
from tests.support.shared_data import shared_data

TITLE = "Certificate of Welding"


def a_rule(
    title: str = TITLE,
    *,
    id: str | None = None,
    origin: str = "AA",
    destination: str = "BB",
    outcome: RuleOutcome = RuleOutcome.COMPARABLE,
    comparable_to: str = "Diploma",
    levels: Mapping[str, tuple[str, ...]] | None = None,
    when: Mapping[str, JsonValue] | None = None,
    condition: str | None = None,
    level: str | None = None,
    purpose: Purpose | None = None,
    status: RuleStatus = RuleStatus.CURRENT,
    publication: Publication = Publication.PUBLISHED,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    supersedes: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    agreement: str | None = None,
    sources: tuple[str, ...] = (SOURCE,),
) -> RecognitionRule:
    named = {"BB:F": ("2",)} if levels is None else levels
    text = condition if condition is not None else ("a condition" if when else "")
    rule = RecognitionRule(
        id=RuleId(id or ""),
        origin=origin,
        destination=destination,
        title=title,
        aliases=aliases,
        origin_level=level,
        purpose=purpose,
        condition=text,
        when=None if when is None else Condition.of(when),
        result=RuleResult(
            outcome=outcome,
            comparable_to=comparable_to,
            levels=tuple(
                FrameworkLevels(framework=FrameworkId(one), levels=notations)
                for one, notations in named.items()
            ),
        ),
        status=status,
        publication=publication,
        agreement=agreement,
        valid_from=valid_from,
        valid_until=valid_until,
        supersedes=tuple(map(RuleId, supersedes)),
        sources=tuple(map(SourceId, sources)),
    )
    return rule if id else dataclasses.replace(rule, id=rule_id(rule.question))


def an_agreement(
    in_force: str | None = "2019-06-01",
    ended: str | None = None,
    *,
    slug: str = "AA-BB",
    footing: Footing = Footing.READ,
    origins: tuple[str, ...] = (),
    destinations: tuple[str, ...] = (),
    parties: tuple[str, ...] = (),
    is_public: bool = True,
    details: Mapping[str, JsonValue] | None = None,
) -> Agreement:
    """Return an agreement that was signed in 2018."""
    return Agreement(
        id=AgreementId(f"agr-{slug.lower():0>10}"),
        slug=slug,
        kind="blma",
        footing=footing,
        source="a text",
        parties=parties,
        origins=origins,
        destinations=destinations,
        signed=PartialDate.read("2018-01-01"),
        in_force=None if in_force is None else PartialDate.read(in_force),
        ended=None if ended is None else PartialDate.read(ended),
        is_public=is_public,
        details=details or {},
    )


def a_ruled_snapshot(
    *rules: RecognitionRule,
    mappings: Iterable[LevelMapping] = (),
    agreements: Iterable[Agreement] = (),
    precedents: Iterable[Precedent] = (),
    professions: Iterable[RegulatedProfession] = (),
) -> RegistrySnapshot:
    """Return a snapshot with frameworks `AA:F`, `BB:F` and `EU:Y`, each of levels 1 to 3."""
    ids = ("AA:F", "BB:F", "EU:Y")
    cited = {SOURCE, *(one for rule in rules for one in rule.sources)}
    return RegistrySnapshot.of_content(
        RegistryContent(
            rows=FrameworkRows(
                sources=tuple(map(a_source, sorted(cited))),
                frameworks=tuple(a_framework(one, abbreviations=(one[:2] + "Q",)) for one in ids),
                editions=tuple(map(an_edition, ids)),
                levels=tuple(level for one in ids for level in some_levels(one)),
            ),
            mappings=tuple(mappings),
            rules=rules,
            agreements=tuple(agreements),
            precedents=tuple(precedents),
            professions=tuple(professions),
        )
    )


def evaluate(
    snapshot: RegistrySnapshot,
    title: str = TITLE,
    *,
    facts: Mapping[str, JsonValue] | None = None,
    on: dt.date | None = None,
    catalogue: QualificationCatalogue | None = None,
    level: str | None = None,
    framework: str | None = None,
    purpose: Purpose | None = None,
    isco: str | None = None,
    include_superseded: bool = False,
    origin: str = "AA",
    to_country: str = "BB",
) -> Answer:
    """Ask what a title of AA is worth in BB."""
    return compare_qualification(
        snapshot,
        QualificationQuestion(
            qualification=title,
            origin=origin,
            to_country=to_country,
            on=on or TODAY,
            is_day_given=on is not None,
            facts=facts or {},
            level=level,
            framework=framework,
            purpose=purpose,
            isco=isco,
            include_superseded=include_superseded,
        ),
        catalogue,
    )


def read_dutch_rules() -> Reading:
    """Read the published Dutch rules against the seed; they are data for tests alone."""
    folder = shared_data() / "equivalences"
    return read_rule_file(
        (folder / "qualification_recognition_NL.csv").read_bytes(),
        read_sources((folder / "sources.json").read_bytes()),
        read_registry_seed().snapshot(),
        destination="NL",
    )


@cache
def the_dutch_rules() -> RegistrySnapshot:
    """Return the seed with the published Dutch rules."""
    return with_rules(read_dutch_rules())


def with_rules(reading: Reading) -> RegistrySnapshot:
    """Return the seed with the rules of a file and the sources that they cite."""
    seed, content = read_registry_seed(), reading.content
    sources = {one.id: one for one in (*seed.rows.sources, *content.rows.sources)}
    rows = dataclasses.replace(seed.rows, sources=tuple(sources.values()))
    return RegistrySnapshot.of_content(
        dataclasses.replace(seed.content, rows=rows, rules=content.rules)
    )
