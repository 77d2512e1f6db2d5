"""Two corridors: one with a published path between levels, and one without.

Poland to Norway: a Polish level leads over the European framework to a Norwegian one, by two
published statements. Ghana to Norway: no statement leads from the Ghanaian framework anywhere, so
the honest answer is `unknown`, with what *can* be said: outcomes, occupation, accreditation, and
whom to ask. Frameworks and levels are real; organisations, people and awards are made up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from skillpassport.credentials.achievements import DefineAchievement, Definition
from skillpassport.credentials.issuing import Issue
from skillpassport.credentials.model import (
    AchievementKind,
    Award,
    IdentityCheck,
    IssuedCredential,
    LearningOutcome,
    Subject,
)
from skillpassport.languages import LanguageMap
from skillpassport.organisations.accreditation import AccreditationScope, Grant
from skillpassport.organisations.accrediting import Accredit
from skillpassport.organisations.model import Organisation, OrganisationKind
from skillpassport.organisations.registering import RegisterOrganisation, Registration

DESTINATION: Final = "NO"
_FROM, _UNTIL = date(2020, 1, 1), date(2035, 12, 31)


class Stage(Protocol):
    """The use cases that the demonstration goes through, like anybody else."""

    @property
    def register_organisation(self) -> RegisterOrganisation: ...
    @property
    def accredit(self) -> Accredit: ...
    @property
    def define_achievement(self) -> DefineAchievement: ...
    @property
    def issue(self) -> Issue: ...

    def organisation(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """One country of origin, with everything that the demonstration makes up there."""

    country: str
    authority_slug: str
    authority_name: LanguageMap
    provider_slug: str
    provider_name: LanguageMap
    framework: str
    level: str
    definition: Callable[[], Definition]
    subject: Subject
    awarded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One corridor as set up.

    authority_key, provider_key: API keys of the two, shown this once
    """

    corridor: Corridor
    authority: Organisation
    provider: Organisation
    authority_key: str
    provider_key: str
    award: Award
    credential: IssuedCredential


def _welding_engineer() -> Definition:
    return Definition(
        slug="welding-engineering",
        title={
            "en": "Bachelor in welding engineering (demonstration)",
            "pl": "Inżynier spawalnictwa (demonstracja)",
            "nb": "Bachelor i sveiseteknikk (demonstrasjon)",
        },
        kind=AchievementKind.QUALIFICATION,
        framework="PL:PRK",
        level="VI",
        isced_f="0715",
        isco=("2144",),
        outcomes=(
            LearningOutcome(
                code="W1",
                statement={
                    "en": "Writes welding procedure specifications and has them tested.",
                    "nb": "Skriver sveiseprosedyrer og får dem prøvd.",
                },
            ),
            LearningOutcome(
                code="W2",
                statement={
                    "en": "Plans and supervises the inspection of welded joints.",
                    "nb": "Planlegger og leder kontroll av sveiseforbindelser.",
                },
            ),
        ),
        hours=5400,
    )


def _electrician() -> Definition:
    return Definition(
        slug="electrical-installation",
        title={
            "en": "Electrical installation work (demonstration)",
            "nb": "Elektrisk installasjonsarbeid (demonstrasjon)",
        },
        kind=AchievementKind.QUALIFICATION,
        framework="GH:NTVETQF",
        level="4",
        isced_f="0713",
        isco=("7411",),
        outcomes=(
            LearningOutcome(
                code="E1",
                statement={
                    "en": "Installs and tests single-phase and three-phase circuits.",
                    "nb": "Installerer og prøver enfase- og trefasekretser.",
                },
            ),
            LearningOutcome(
                code="E2",
                statement={
                    "en": "Isolates, locks and proves dead before work begins.",
                    "nb": "Kobler ut, låser og prøver spenningsløst før arbeidet begynner.",
                },
            ),
        ),
        hours=1200,
    )


CORRIDORS: Final = (
    Corridor(
        country="PL",
        authority_slug="demo-authority-pl",
        authority_name={"en": "Demonstration quality authority, Poland"},
        provider_slug="demo-college-gdansk",
        provider_name={"en": "Demonstration technical college, Gdańsk"},
        framework="PL:PRK",
        level="VI",
        definition=_welding_engineer,
        subject=Subject(name="Example Person (Poland)", birth_date=date(1998, 3, 14)),
        awarded_on=date(2024, 6, 28),
    ),
    Corridor(
        country="GH",
        authority_slug="demo-authority-gh",
        authority_name={"en": "Demonstration TVET authority, Ghana"},
        provider_slug="demo-tvet-accra",
        provider_name={"en": "Demonstration TVET centre, Accra"},
        framework="GH:NTVETQF",
        level="4",
        definition=_electrician,
        subject=Subject(name="Example Person (Ghana)", birth_date=date(2001, 11, 2)),
        awarded_on=date(2025, 7, 11),
    ),
)


def set_up_demonstration(stage: Stage) -> tuple[Shown, ...]:
    """Make what is not there yet; return the corridors that were made now.

    A corridor is made whole: one that is there already, touched or not, is left alone.
    """
    return tuple(
        _set_up(stage, corridor)
        for corridor in CORRIDORS
        if stage.organisation(corridor.authority_slug) is None
        and stage.organisation(corridor.provider_slug) is None
    )


def _set_up(stage: Stage, corridor: Corridor) -> Shown:
    authority, authority_key = stage.register_organisation(
        Registration(
            slug=corridor.authority_slug,
            name=corridor.authority_name,
            kind=OrganisationKind.AUTHORITY,
            country=corridor.country,
            demonstration=True,
        )
    )
    provider, provider_key = stage.register_organisation(
        Registration(
            slug=corridor.provider_slug,
            name=corridor.provider_name,
            kind=OrganisationKind.PROVIDER,
            country=corridor.country,
            demonstration=True,
        )
    )
    stage.accredit(
        authority,
        Grant(
            organisation=provider,
            scope=AccreditationScope(framework=corridor.framework, levels=(corridor.level,)),
            valid_from=_FROM,
            valid_until=_UNTIL,
        ),
    )
    award = Award(
        achievement=stage.define_achievement(provider, corridor.definition()),
        subject=corridor.subject,
        awarded_on=corridor.awarded_on,
        identity_check=IdentityCheck.DOCUMENT_SEEN,
    )
    return Shown(
        corridor=corridor,
        authority=authority,
        provider=provider,
        authority_key=authority_key,
        provider_key=provider_key,
        award=award,
        credential=stage.issue(provider, award),
    )
