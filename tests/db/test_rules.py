"""Rules, agreements, precedents and professions as rows: what is put in comes back, on both engines."""

import dataclasses
import datetime as dt

from skillpassport.db.frameworks import RegistryChange
from skillpassport.db.unit_of_work import Database
from skillpassport.equivalence.agreements import Agreement, AgreementId, PartialDate
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.professions import AwardedIn, RegulatedProfession, WayIn
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.rules import RuleOutcome, RuleResult, RuleStatus
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.model import Footing
from skillpassport.frameworks.registry import FrameworkRows
from tests.support.registry import SOURCE, a_framework, a_source, an_edition, some_levels
from tests.support.rules import a_rule, evaluate

IDS = ("AA:F", "BB:F")
EVERY_COLUMN = dataclasses.replace(
    a_rule(
        id="rule-with-every-column",
        aliases=("Certificat", "شهادة"),
        when={
            "subjects_passed": {"grades": ["A", "B+"], "count": {"min": 6}},
            "award_date": {"from": "2018-01-01", "before": "2020-01-01"},
            "duration_years": {"in": [3, 3.5]},
        },
        level="AAQ 4+",
        levels={"BB:F": ("1", "2")},
        purpose=Purpose.EMPLOYMENT,
        status=RuleStatus.SUPERSEDED,
        publication=Publication.SECONDARY_SOURCE,
        valid_from=dt.date(2015, 1, 1),
        valid_until=dt.date(2019, 12, 31),
        agreement="AA-BB",
        supersedes=("rule-that-is-plain",),
    ),
    note="a note",
    authority="BB-Board",
)
AGREEMENT = Agreement(
    id=AgreementId("agr-0123456789"),
    slug="AA-BB",
    kind="mra",
    footing=Footing.READ,
    source="a text",
    parties=("Ministry of AA", "Board of BB"),
    origins=("AA",),
    destinations=("BB",),
    isco=("2221", "*"),
    signed=PartialDate.read("2019-06"),
    in_force=PartialDate.read("2020"),
    ended=None,
    is_public=False,
    details={"quota": {"per_year": 3}, "conflict": "ein Wort über Zahlen", "legal": None},
)
PRECEDENT = Precedent(
    id=PrecedentId("precedent-1"),
    origin="AA",
    destination="BB",
    title="Certificate",
    result=RuleResult(
        outcome=RuleOutcome.PARTIAL, comparable_to="Two years", measures=("aptitude test",)
    ),
    decided_by="Board of BB",
    decided_in=2024,
    sources=(SOURCE,),
    institution="A school",
    legal_basis="An act",
    differences=("No practice",),
)
PROFESSION = RegulatedProfession(
    id="BB-nurse",
    destination="BB",
    name={"en": "Nurse"},
    isco=("2221",),
    ways=(
        WayIn(
            awarded_in=AwardedIn.THIRD_COUNTRY,
            authority={"en": "Board of BB"},
            legal_basis={"en": "An act"},
            sources=(SOURCE,),
            note={"en": "A note"},
            url="https://board.example",
        ),
    ),
)
CONTENT = RegistryContent(
    rows=FrameworkRows(
        sources=(a_source(),),
        frameworks=tuple(map(a_framework, IDS)),
        editions=tuple(map(an_edition, IDS)),
        levels=tuple(level for one in IDS for level in some_levels(one)),
    ),
    rules=(a_rule(id="rule-that-is-plain"), EVERY_COLUMN),
    agreements=(AGREEMENT,),
    precedents=(PRECEDENT,),
    professions=(PROFESSION,),
)


def revised(database: Database, content: RegistryContent) -> RegistryChange:
    with database.transaction() as work:
        return work.frameworks.revise(content, origin="a test", now=work.now)


def test_what_was_put_in_comes_back(database: Database) -> None:
    change = revised(database, CONTENT)
    assert change.added["recognition_rules"] == 2
    with database.snapshot() as work:
        content = work.frameworks.content()
    assert set(content.rules) == set(CONTENT.rules)
    assert content.agreements == CONTENT.agreements
    assert content.precedents == CONTENT.precedents
    assert content.professions == CONTENT.professions


def test_a_second_time_nothing_is_written(database: Database) -> None:
    revised(database, CONTENT)
    assert revised(database, CONTENT).total == 0


def test_a_corrected_rule_is_its_next_version_and_the_earlier_one_can_be_told(
    database: Database,
) -> None:
    plain = a_rule(id="rule-that-is-plain")
    corrected = dataclasses.replace(
        plain, result=dataclasses.replace(plain.result, comparable_to="Another diploma")
    )
    revised(database, CONTENT)
    change = revised(database, RegistryContent(rules=(corrected,)))
    assert (change.changed["recognition_rules"], change.total) == (1, 1)
    with database.snapshot() as work:
        now, before = work.frameworks.load(), work.frameworks.load(1)
    for snapshot, version, title in ((now, 2, "Another diploma"), (before, 1, "Diploma")):
        (found,) = [one for one in evaluate(snapshot).answers if one.status == "current"]
        told = found.to_json()
        assert told["rule"] == {"id": "rule-that-is-plain", "version": version}
        assert told["target"]["title"] == title
