"""Builders for the line from organisation to award: as values, and told over HTTP."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    AchievementKind,
    Award,
    Evidence,
    Format,
    IdentityCheck,
    LearningOutcome,
    Subject,
)
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.organisations.accreditation import (
    Accreditation,
    AccreditationId,
    AccreditationScope,
    ClaimedAward,
)
from skillpassport.organisations.model import Organisation, OrganisationId, OrganisationKind
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022
from tests.support.instances import ADMINISTRATOR, Answer, Served, an_instance

Json = Any
"""The parsed body of an answer."""
Member = Any
"""A field of a value, or a member of a body."""

PERSON = "Zuzanna Przykładowa-Testowa"
BORN = "1994-05-17"
AWARDED_ON = "2025-06-27"

# --- values -----------------------------------------------------------------------------------


def an_organisation(**changes: Member) -> Organisation:
    """Return a provider in Poland."""
    fields: dict[str, Any] = {
        "id": OrganisationId("org_provider_0001"),
        "slug": "college",
        "name": {"en": "Test college", "pl": "Szkoła testowa"},
        "kind": OrganisationKind.PROVIDER,
        "country": "PL",
        "did": "did:web:passport.example:orgs:college",
        "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Organisation(**(fields | changes))


def an_achievement(**changes: Member) -> Achievement:
    """Return an achievement with its title alone."""
    fields: dict[str, Any] = {
        "id": AchievementId("ach_welding_0001"),
        "organisation": OrganisationId("org_provider_0001"),
        "slug": "welding",
        "title": {"en": "Welding engineer"},
        "kind": AchievementKind.QUALIFICATION,
        "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Achievement(**(fields | changes))


def a_full_achievement(**changes: Member) -> Achievement:
    """Return an achievement with every optional field, in several languages."""
    fields: dict[str, Any] = {
        "title": {"en": "Welding engineer", "pl": "Inżynier spawalnik", "pt-BR": "Soldador"},
        "framework": "PL:PRK",
        "edition": "2016",
        "level": "VI",
        "isced_f": "0715",
        "isco": ("2144", "7212"),
        "esco": ("http://data.europa.eu/esco/occupation/8a3be2e5-e3c7-4bc3-a5b3-1f2d9a0e7c11",),
        "outcomes": (
            LearningOutcome(
                code="W 1/ą",
                statement={"en": "Welds steel plates.", "pl": "Spawa blachy stalowe."},
            ),
            LearningOutcome(code="W2", statement={"en": "Inspects welds."}, essential=False),
        ),
        "hours": 1200.5,
    }
    return an_achievement(**(fields | changes))


def an_award(**changes: Member) -> Award:
    """Return an award of the plain achievement."""
    fields: dict[str, Any] = {
        "achievement": an_achievement(),
        "subject": Subject(name=PERSON),
        "awarded_on": date.fromisoformat(AWARDED_ON),
    }
    return Award(**(fields | changes))


def a_full_award(**changes: Member) -> Award:
    """Return an award with every optional field."""
    fields: dict[str, Any] = {
        "achievement": a_full_achievement(),
        "subject": Subject(
            name=PERSON,
            name_in_mrz="PRZYKLADOWA<TESTOWA<<ZUZANNA",
            birth_date=date.fromisoformat(BORN),
            id="did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
        ),
        "valid_until": date(2030, 6, 30),
        "results": {"Practical test": "very good", "Theory, part 2 / ą": "87 %"},
        "evidence": (
            Evidence(name="Test piece 7"),
            Evidence(name="Report", narrative="Bend test.", url="https://college.example/r/7"),
        ),
        "identity_check": IdentityCheck.DOCUMENT_SEEN,
        "format": Format.VCDM,
    }
    return an_award(**(fields | changes))


def an_accreditation(**changes: Member) -> Accreditation:
    """Return an accreditation for the plain achievement during 2025."""
    fields: dict[str, Any] = {
        "id": AccreditationId("acc_0001"),
        "authority": OrganisationId("org_authority_01"),
        "organisation": OrganisationId("org_provider_0001"),
        "scope": AccreditationScope(achievements=("welding",)),
        "valid_from": date(2025, 1, 1),
        "valid_until": date(2025, 12, 31),
        "granted_at": datetime(2024, 12, 1, tzinfo=UTC),
        "document": "{}",
        "late_issue_days": 180,
    }
    return Accreditation(**(fields | changes))


def a_claim(awarded_on: str = AWARDED_ON, **changes: Member) -> ClaimedAward:
    """Return the facts of an award of the plain achievement."""
    fields: dict[str, Any] = {
        "achievement_id": "ach_welding_0001",
        "achievement_slug": "welding",
        "awarded_on": date.fromisoformat(awarded_on),
    }
    return ClaimedAward(**(fields | changes))


# --- over HTTP ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An organisation as its registration was answered."""

    id: str
    slug: str
    did: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An authority and a provider in Poland who go the whole way over HTTP."""

    served: Served
    authority: Actor
    provider: Actor

    def register(self, slug: str, kind: str = "provider", **changes: Member) -> Actor:
        """Register a further organisation."""
        return register(self.served, slug, kind, **changes)

    def accredit(self, holder: Actor | None = None, /, **changes: Member) -> str:
        """Let the authority accredit an organisation for PL:PRK level VI; return the id."""
        answer = self.ask_to_accredit(holder, **changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def ask_to_accredit(self, holder: Actor | None = None, /, **changes: Member) -> Answer:
        """Ask as the authority, and return whatever the answer is."""
        body: dict[str, object] = {
            "organisation": (holder or self.provider).slug,
            "scope": {"framework": "PL:PRK", "levels": ["VI"]},
            "valid_from": "2024-01-01",
            "valid_until": "2026-12-31",
        }
        return self.served.post("/api/v1/accreditations", body | changes, self.authority.key)

    def withdraw(self, accreditation: str, effective_from: str) -> Answer:
        """Let the authority withdraw an accreditation."""
        body = {"effective_from": effective_from, "reason": "Workshops closed."}
        path = f"/api/v1/accreditations/{accreditation}/withdraw"
        return self.served.post(path, body, self.authority.key)

    def approve(self, accreditation: str, awarded_on: str, **changes: Member) -> Answer:
        """Let the authority approve one late award."""
        body = {"achievement": "welding", "awarded_on": awarded_on, "reason": "Strike of the post."}
        path = f"/api/v1/accreditations/{accreditation}/late-awards"
        return self.served.post(path, body | changes, self.authority.key)

    def define(self, holder: Actor | None = None, /, **changes: Member) -> str:
        """Define an achievement at PL:PRK level VI; return its id."""
        answer = self.ask_to_define(holder, **changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def ask_to_define(self, holder: Actor | None = None, /, **changes: Member) -> Answer:
        """Ask for an achievement, and return whatever the answer is."""
        body: dict[str, object] = {
            "slug": "welding",
            "title": {"en": "Welding engineer", "pl": "Inżynier spawalnik"},
            "kind": "qualification",
            "framework": "PL:PRK",
            "level": "VI",
            "isced_f": "0715",
            "isco": ["2144"],
            "outcomes": [{"code": "W1", "statement": {"en": "Welds steel plates."}}],
        }
        body |= changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.served.post("/api/v1/achievements", body, (holder or self.provider).key)

    def award(self, holder: Actor | None = None, /, **changes: Member) -> Json:
        """Issue a credential; return the answer's body."""
        answer = self.ask_to_award(holder, **changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def ask_to_award(self, holder: Actor | None = None, /, **changes: Member) -> Answer:
        """Ask for a credential, and return whatever the answer is."""
        body = award_body(**changes)
        return self.served.post("/api/v1/credentials", body, (holder or self.provider).key)

    def change(self, credential: str, action: str, **changes: Member) -> Answer:
        """Suspend, reinstate, revoke or supersede a credential of the provider."""
        path = f"/api/v1/credentials/{credential}/{action}"
        body = {"reason": "As the examination board decided."}
        return self.served.post(path, body | changes, self.provider.key)

    def verify(self, document: object, **further: Member) -> Json:
        """Return the report on a document."""
        return verify(self.served, document=document, **further)

    def verify_code(self, code: str, **further: Member) -> Json:
        """Return the report on a code."""
        return verify(self.served, code=code, **further)


def award_body(**changes: Member) -> dict[str, object]:
    """Return the body of a request for a credential; a member given as None is left out."""
    body: dict[str, object] = {
        "achievement": "welding",
        "subject": {"name": PERSON, "birth_date": BORN},
        "awarded_on": AWARDED_ON,
    }
    body |= changes
    return {name: value for name, value in body.items() if value is not None}


def register(served: Served, slug: str, kind: str = "provider", **changes: Member) -> Actor:
    """Register an organisation in Poland as the administrator."""
    body: dict[str, object] = {
        "slug": slug,
        "name": {"en": f"Test {slug}"},
        "kind": kind,
        "country": "PL",
    }
    answer = served.post("/api/v1/organisations", body | changes, ADMINISTRATOR)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Actor(id=made["id"], slug=slug, did=made["did"], key=made["api_key"])


def verify(served: Served, **body: Member) -> Json:
    """Return the report on whatever is brought."""
    answer = served.post("/api/v1/verifications", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story that was told up to its first award, in a folder to be copied."""

    folder: Path
    authority: Actor
    provider: Actor
    registry: RegistrySnapshot

    @contextmanager
    def again(self, folder: Path) -> Iterator[Story]:
        """Tell the same beginning in another folder."""
        shutil.copytree(self.folder, folder)
        with an_instance(folder, registry=self.registry) as opened:
            yield Story(served=opened, authority=self.authority, provider=self.provider)


def a_story(served: Served, *, accredited: bool = True) -> Story:
    """Register an authority and a provider, with an accreditation and an achievement."""
    story = Story(
        served=served,
        authority=register(served, "authority", "authority"),
        provider=register(served, "college"),
    )
    if accredited:
        story.accredit()
    story.define()
    return story


@pytest.fixture(scope="session")
def story_template(
    instance_template: Path,
    seeded_registry: RegistrySnapshot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Telling:
    """Tell the beginning once, to be copied: authority, provider, accreditation, achievement."""
    folder = tmp_path_factory.mktemp("story-template") / "var"
    shutil.copytree(instance_template, folder)
    with an_instance(folder) as opened:
        story = a_story(opened)
    return Telling(
        folder=folder,
        authority=story.authority,
        provider=story.provider,
        registry=seeded_registry,
    )


@pytest.fixture
def story(story_template: Telling, tmp_path: Path) -> Iterator[Story]:
    """Begin a story of a test's own, on SQLite, with everything there for an award."""
    with story_template.again(tmp_path / "var") as begun:
        yield begun


@pytest.fixture(scope="module")
def lasting_story(
    story_template: Telling, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Begin one story for all tests of a module that leave nothing behind or mind nothing."""
    with story_template.again(tmp_path_factory.mktemp("story") / "var") as begun:
        yield begun


def outcome_of(report: Json, code: str) -> str | None:
    """Return the outcome of the check with a code, None when no check says it."""
    found = [check["outcome"] for check in report["checks"] if check["code"] == code]
    return found[0] if found else None


def sign_outside_register(served: Served, actor: Actor, document: JsonObject) -> JsonObject:
    """Return a document signed with an organisation's own key, which no register knows of."""
    instance = served.instance
    with instance.database.snapshot() as work:
        active = work.signing_keys.active(OrganisationId(actor.id), served.clock.now())
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return add_proof(
        unsigned,
        suite=EDDSA_JCS_2022,
        signer=active.signer,
        options=ProofOptions(
            verification_method=active.verification_method, created=served.clock.now()
        ),
    )
