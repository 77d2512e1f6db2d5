"""A small registry with one of everything that its tables hold, around levels of Poland."""

import dataclasses
import datetime as dt
from decimal import Decimal

from skillpassport.equivalence.agreements import Agreement, AgreementId, PartialDate
from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.professions import AwardedIn, RegulatedProfession, WayIn
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.rules import RecognitionRule, RuleOutcome, RuleResult
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.model import Footing
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.frameworks.standards import (
    OccupationalStandard,
    StandardId,
    StandardUnit,
    UnitLink,
)
from tests.support.registry import SOURCE, a_source
from tests.support.rules import a_rule


def one_of_each() -> RegistryContent:
    """Return rules, an agreement, a precedent, a profession, and two standards with a link."""
    agreement = Agreement(
        id=AgreementId("agr-0123456789"),
        slug="PL-NO",
        kind="mra",
        footing=Footing.READ,
        source="a text",
        parties=("Ministry of the one", "Board of the other"),
        origins=("PL",),
        destinations=("NO",),
        isco=("2221",),
        signed=PartialDate.read("2019-06"),
        in_force=PartialDate.read("2020"),
        ended=None,
        is_public=True,
        details={"quota": {"per_year": 3}},
    )
    precedent = Precedent(
        id=PrecedentId("precedent-1"),
        origin="PL",
        destination="NO",
        title="Certificate",
        result=RuleResult(outcome=RuleOutcome.PARTIAL, comparable_to="Two years"),
        decided_by="Board of the other",
        decided_in=2024,
        sources=(SOURCE,),
        institution="A school",
        legal_basis="An act",
        differences=("No practice",),
    )
    plain = a_rule(
        id="rule-that-is-plain", origin="PL", destination="NO", levels={"EU:EQF": ("5",)}
    )
    return RegistryContent(
        rows=FrameworkRows(
            sources=(a_source(),),
            standards=(_standard("PL-welder"), _standard("NO-welder")),
            unit_links=(_link(),),
        ),
        rules=(plain, _rule_with_every_column()),
        agreements=(agreement,),
        precedents=(precedent,),
        professions=(_profession(),),
    )


def _rule_with_every_column() -> RecognitionRule:
    rule = a_rule(
        id="rule-with-every-column",
        origin="PL",
        destination="NO",
        aliases=("Certificat",),
        when={"award_date": {"from": "2018-01-01", "before": "2020-01-01"}},
        level="PRK VI",
        levels={"EU:EQF": ("6",)},
        purpose=Purpose.EMPLOYMENT,
        valid_from=dt.date(2015, 1, 1),
        valid_until=dt.date(2039, 12, 31),
        agreement="PL-NO",
        supersedes=("rule-that-is-plain",),
    )
    return dataclasses.replace(rule, note="a note", authority="NO-Board")


def _profession() -> RegulatedProfession:
    way = WayIn(
        awarded_in=AwardedIn.THIRD_COUNTRY,
        authority={"en": "Board of the other"},
        legal_basis={"en": "An act"},
        sources=(SOURCE,),
        note={"en": "A note"},
        url="https://board.example",
    )
    return RegulatedProfession(
        id="NO-nurse", destination="NO", name={"en": "Nurse"}, isco=("2221",), ways=(way,)
    )


def _standard(name: str) -> OccupationalStandard:
    return OccupationalStandard(
        id=StandardId(name),
        title={"en": "Welder"},
        authority="A board",
        units=(StandardUnit(title={"en": "Weld"}, footing=Footing.READ, code="U1"),),
        footing=Footing.READ,
        sources=(SOURCE,),
        country=name[:2],
        isco=("7212",),
        level="4",
        total_hours=Decimal(120),
        valid_from=dt.date(2018, 1, 1),
        valid_until=dt.date(2039, 12, 31),
        notes=("A note",),
    )


def _link() -> UnitLink:
    return UnitLink(
        from_standard=StandardId("PL-welder"),
        from_unit="U1",
        to_standard=StandardId("NO-welder"),
        to_unit="U1",
        whole=True,
        published=True,
        sources=(SOURCE,),
        note="A note",
    )
