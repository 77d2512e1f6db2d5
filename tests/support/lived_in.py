"""An instance with a past: every table has rows, and awards stand in every state.

Made once for a test session and copied; each test then owns its data folder.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from skillpassport.bootstrap import Instance, open_instance
from skillpassport.clock import FixedClock
from skillpassport.credentials.achievements import Definition
from skillpassport.credentials.lifecycle import Reason
from skillpassport.credentials.model import (
    Achievement,
    AchievementKind,
    Action,
    Award,
    Format,
    IssuedCredential,
    LearningOutcome,
    ReasonCode,
    Subject,
)
from skillpassport.db.erasure import erase_subject
from skillpassport.db.tables.credentials import credentials
from skillpassport.equivalence.model import Relation
from skillpassport.equivalence.questions import LevelQuestion
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.equivalence.statements.stating import review
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.idempotency import RequestKey
from skillpassport.organisations.accreditation import Accreditation, AccreditationScope, Grant
from skillpassport.organisations.model import Organisation, OrganisationKind
from skillpassport.organisations.registering import Registration
from skillpassport.profiles.creating import ProfileWish
from skillpassport.profiles.model import KeyType, Method, Securing, StatusKind
from skillpassport.profiles.statuses import WhichCredential
from skillpassport.settings import Settings, load_settings
from skillpassport.vc.strict_json import JsonObject
from tests.support.one_of_each import one_of_each
from tests.support.taxonomies import a_full_qualification, a_qualification, a_taxonomy

# Before now, and not long: commands run by the machine's clock, and keys expire.
STARTED = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0) - dt.timedelta(days=60)
ADMIN_KEY = "sp_admin_of_the_tests"
PUBLIC_URL = "http://localhost:8000"
REASON = Reason(text="As the tests say.", code=ReasonCode.OTHER)
_FORMATS = {
    "token": Format.VC_JWT,
    "claims": Format.SD_JWT_VC,
    "claims-revoked": Format.SD_JWT_VC,
}
"""By name of an award; the others are in the default form."""


@dataclass(frozen=True, slots=True)
class LivedIn:
    """A data folder and what is in it.

    credentials: by the state in which they stand
    """

    folder: Path
    credentials: Mapping[str, IssuedCredential]

    @property
    def head(self) -> Path:
        """A head that someone kept elsewhere."""
        return self.folder.parent / "kept.checkpoint"

    @property
    def database(self) -> Path:
        """The main database's file."""
        return self.folder / "skillpassport.db"


def settings_over(folder: Path, **overrides: object) -> Settings:
    """Return settings over a data folder, whatever the environment says."""
    return load_settings(
        **{
            "data_dir": folder,
            "database_url": None,
            "public_url": PUBLIC_URL,
            "seed": "none",
            "bootstrap_admin_key": ADMIN_KEY,
            "master_key": None,
            **overrides,
        }
    )


def reopen(lived: LivedIn, clock: FixedClock | None = None, **overrides: object) -> Instance:
    """Return an instance over a folder, its clock a day after the last thing that happened."""
    clock = clock or FixedClock(STARTED + dt.timedelta(days=30))
    return open_instance(settings_over(lived.folder, **overrides), clock=clock)


@pytest.fixture(scope="session")
def lived_in_template(tmp_path_factory: pytest.TempPathFactory) -> LivedIn:
    """Make the instance with a past, to be copied."""
    return live(tmp_path_factory.mktemp("lived-in") / "data")


@pytest.fixture
def lived_in(lived_in_template: LivedIn, tmp_path: Path) -> LivedIn:
    """Copy the instance with a past, and keep its newest head beside the data folder."""
    copy = LivedIn(tmp_path / "data", lived_in_template.credentials)
    shutil.copytree(lived_in_template.folder, copy.folder)
    shutil.copy(copy.folder / "heads" / "latest.checkpoint", copy.head)
    return copy


@dataclass
class _Past:
    """What happens to the instance, an hour between one thing and the next."""

    instance: Instance
    clock: FixedClock
    credentials: dict[str, IssuedCredential] = field(default_factory=dict)
    pause: Callable[[], None] = lambda: None
    """Called at each age, when everything has its place in the log."""

    def come_of_age(self) -> None:
        self.hour()
        self.instance.sequencer().sequence_once()
        self.pause()

    def wait(self) -> None:
        """Let things happen whose entries have no place in the log yet."""
        self.organisation("waiting", OrganisationKind.PROVIDER)
        provider = self.instance.organisation("provider")
        assert provider is not None
        (welding,) = self.instance.achievements_of(provider, limit=1, after=None)
        made = self.issue("waiting", provider, welding)
        self.hour()
        self.instance.change_status(provider.id, made.id, Action.SUSPEND, REASON)
        self.instance.rotate_key("other")

    def hour(self) -> None:
        self.clock.instant += dt.timedelta(hours=1)

    def organisation(self, slug: str, kind: OrganisationKind) -> Organisation:
        self.hour()
        name = {"en": slug.title(), "fr": slug.upper()}
        registration = Registration(slug=slug, name=name, kind=kind, country="PL")
        made, _ = self.instance.register_organisation(
            registration, RequestKey(owner="administrator", key=slug, fingerprint="f" * 64)
        )
        return made

    def accreditation(self, authority: Organisation, provider: Organisation) -> Accreditation:
        self.hour()
        end = STARTED.year + 5
        return self.instance.accredit(
            authority,
            Grant(
                organisation=provider,
                scope=AccreditationScope(framework="PL:PRK", levels=("VI",)),
                valid_from=dt.date(2020, 1, 1),
                valid_until=dt.date(end, 12, 31),
                last_achievement=dt.date(end + 1, 12, 31),
                last_enrolment=dt.date(end - 1, 12, 31),
            ),
        )

    def award(self, name: str, achievement: Achievement, on: dt.date) -> Award:
        return Award(
            achievement=achievement,
            subject=Subject(name=f"Person {name}", birth_date=dt.date(1990, 1, 1)),
            awarded_on=on,
            valid_until=dt.date(2040, 1, 1) if name == "good" else None,
            format=_FORMATS.get(name, Format.VCDM),
        )

    def issue(
        self, name: str, issuer: Organisation, achievement: Achievement,
        on: dt.date = dt.date(2025, 6, 1),
    ) -> IssuedCredential:  # fmt: skip
        self.hour()
        made = self.instance.issue(issuer, self.award(name, achievement, on))
        self.credentials[name] = made
        return made

    def change(self, name: str, *actions: Action) -> None:
        made = self.credentials[name]
        for action in actions:
            self.hour()
            self.instance.change_status(made.organisation, made.id, action, REASON)
            self.instance.sequencer().sequence_once()


def live(folder: Path) -> LivedIn:
    """Make a data folder with a past of some days."""
    clock = FixedClock(STARTED)
    instance = open_instance(settings_over(folder), clock=clock)
    try:
        return LivedIn(folder, _live(_Past(instance, clock)))
    finally:
        instance.close()


def live_in_stages(folder: Path) -> list[LivedIn]:
    """Make copies of one data folder at several ages, the youngest first, each with its head."""
    clock, ages = FixedClock(STARTED), list[LivedIn]()
    instance = open_instance(settings_over(folder / "now"), clock=clock)

    def keep() -> None:
        copy = LivedIn(folder / f"age-{len(ages)}" / "data", dict(past.credentials))
        shutil.copytree(folder / "now", copy.folder)
        shutil.copy(copy.folder / "heads" / "latest.checkpoint", copy.head)
        ages.append(copy)

    past = _Past(instance, clock, pause=keep)
    try:
        _live(past)
        clock.instant += dt.timedelta(days=10)
        past.change("after", Action.SUSPEND, Action.REVOKE)
        instance.rotate_key("provider")
        past.come_of_age()
        past.wait()
        keep()
    finally:
        instance.close()
    return ages


def _live(past: _Past) -> dict[str, IssuedCredential]:
    instance = past.instance
    instance.prepare()
    _add_registry(past)
    authority = past.organisation("authority", OrganisationKind.AUTHORITY)
    provider = past.organisation("provider", OrganisationKind.PROVIDER)
    other = past.organisation("other", OrganisationKind.PROVIDER)
    past.accreditation(authority, provider)
    ended = past.accreditation(authority, other)
    welding, masonry = (_define(instance, each) for each in (provider, other))
    for name in ("good", "token", "suspended", "reinstated", "revoked", "superseded", "erased"):
        past.issue(name, provider, welding)
    for name in ("claims", "claims-revoked"):
        past.issue(name, provider, welding)
    past.come_of_age()
    past.change("claims", Action.SUSPEND)
    past.change("claims-revoked", Action.SUSPEND, Action.REVOKE)
    past.change("suspended", Action.SUSPEND)
    past.change("reinstated", Action.SUSPEND, Action.REINSTATE)
    past.change("revoked", Action.SUSPEND, Action.REVOKE)
    past.hour()
    corrected = past.award("corrected", welding, dt.date(2025, 6, 2))
    past.credentials["corrected"] = instance.supersede(
        provider, past.credentials["superseded"].id, corrected, REASON
    )
    _sign_for_others(past, provider)
    _state(past)
    past.come_of_age()
    past.issue("of-the-withdrawn", other, masonry)
    _withdraw(past, authority, ended, masonry)
    past.issue("late", other, masonry, dt.date(2025, 7, 1))
    past.come_of_age()
    _end_things(past, provider)
    past.come_of_age()
    return past.credentials


def _define(instance: Instance, organisation: Organisation) -> Achievement:
    return instance.define_achievement(
        organisation,
        Definition(
            slug="welding",
            title={"en": "Welding"},
            kind=AchievementKind.QUALIFICATION,
            framework="PL:PRK",
            level="VI",
            isced_f="0715",
            isco=("2144",),
            outcomes=(LearningOutcome(code="W1", statement={"en": "Welds."}),),
        ),
    )


def _sign_for_others(past: _Past, provider: Organisation) -> None:
    """Sign two credentials that others composed; revoke the first."""
    instance = past.instance
    past.hour()
    wish = ProfileWish(
        slug="desk", securing=Securing.EDDSA_JCS_2022, key_type=KeyType.ED25519,
        did_method=Method.KEY, status=StatusKind.BITSTRING,
    )  # fmt: skip
    instance.create_profile(provider, wish)
    key, _ = instance.create_api_key(provider, frozenset({"status:write"}))
    profile, active = instance.ready_profile(provider.id, "desk")
    for name in ("urn:example:one", "urn:example:two"):
        past.hour()
        composed: JsonObject = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "id": name,
            "credentialSubject": {"id": "urn:example:somebody"},
        }
        instance.issue_under_profile(profile, active, composed)
    past.hour()
    which = WhichCredential(document_id="urn:example:one")
    instance.change_profile_status(provider.id, which, api_key=key.id)


def _withdraw(
    past: _Past, authority: Organisation, accreditation: Accreditation, achievement: Achievement
) -> None:
    past.hour()
    instance = past.instance
    instance.withdraw_accreditation(
        authority, accreditation.id, effective_from=past.clock.instant.date(), reason="Closed."
    )
    for _ in range(2):  # one is used afterwards, one is not
        past.hour()
        instance.approve_late_award(
            authority,
            accreditation.id,
            achievement=achievement.id,
            awarded_on=dt.date(2025, 7, 1),
            reason="Registered by post.",
        )


def _end_things(past: _Past, provider: Organisation) -> None:
    instance = past.instance
    past.hour()
    instance.rotate_key(provider.slug)
    erased = past.credentials["erased"].id
    desk, _ = instance.create_api_key(provider, frozenset({"credentials:write"}))
    instance.revoke_api_key(provider, desk.id)
    with instance.database.transaction() as work:
        work.signing_keys.revoke(work.signing_keys.of(provider.id)[0].id, work.now)
        query = select(credentials.c.subject).where(credentials.c.id == erased)
        subject = work.connection.execute(query).scalar_one()
    erase_subject(instance.database, subject, reason="retention ended")
    past.hour()
    instance.reissue(provider)
    past.hour()
    instance.sequencer().sequence_once()
    past.hour()
    instance.rotate_key(None)
    instance.sequencer().sequence_once()
    past.hour()
    instance.accept_restore("The tests rehearse it.")
    past.hour()
    (welding,) = instance.achievements_of(provider, limit=1, after=None)
    past.issue("after", provider, welding)
    instance.sequencer().sequence_once()


def _add_registry(past: _Past) -> None:
    """Add a small part of the registry: a framework of origin, and what it leads to."""
    seed = read_registry_seed()
    wanted = {"PL:PRK", "EU:EQF"}
    mappings = tuple(
        each for each in seed.mappings if {each.origin.framework, each.target.framework} <= wanted
    )
    frameworks = tuple(each for each in seed.rows.frameworks if each.id in wanted)
    editions = tuple(each for each in seed.rows.editions if each.framework in wanted)
    levels = tuple(each for each in seed.rows.levels if each.framework in wanted)
    authorities = seed.rows.authorities[:1]
    cited = {
        source
        for citing in (mappings, frameworks, editions, levels, authorities)
        for each in citing
        for source in each.sources
    }
    rows = FrameworkRows(
        sources=tuple(each for each in seed.rows.sources if each.id in cited),
        frameworks=frameworks,
        editions=editions,
        levels=levels,
        authorities=authorities,
    )
    content = RegistryContent(rows=rows, mappings=mappings)
    with past.instance.database.transaction() as work:
        work.frameworks.add(content, origin="the tests", now=work.now)
        work.taxonomies.add(a_taxonomy(), origin="the tests", now=lambda: work.now)
        given = [a_full_qualification(), a_qualification(1), a_qualification(2)]
        work.qualifications.add(given, origin="the tests", now=lambda: work.now)
        work.frameworks.add(one_of_each(), origin="the tests", now=work.now)


def _state(past: _Past) -> None:
    """State two answers of the registry, and replace one of them."""
    for level in ("V", "VI"):
        past.hour()
        question = LevelQuestion(
            framework="PL:PRK", level=level, to_framework="EU:EQF", on=past.clock.instant.date()
        )
        past.instance.state_comparability(question)
    past.hour()
    with past.instance.database.transaction() as work:
        told = next(
            each for each in work.frameworks.content().mappings if each.origin.level == "VI"
        )
        revised = replace(told, relation=Relation.ALIGNED)
        work.frameworks.revise(
            RegistryContent(mappings=(revised,)), origin="the tests", now=work.now
        )
        assert review(work) == 1
