"""Achievements, awards and issued credentials as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from skillpassport.credentials.code import Code
from skillpassport.custody.subjects import SubjectKey
from skillpassport.languages import LanguageMap
from skillpassport.organisations.model import OrganisationId
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.status_forms import StatusForm

AchievementId = NewType("AchievementId", str)
CredentialId = NewType("CredentialId", str)


class AchievementKind(StrEnum):
    """What is awarded."""

    QUALIFICATION = "qualification"
    UNIT = "unit"
    MICRO_CREDENTIAL = "micro_credential"
    TRAINING = "training"
    RECOGNITION_DECISION = "recognition_decision"
    LICENCE = "licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningOutcome:
    """What a learner knows, understands and can do afterwards."""

    code: str
    statement: LanguageMap
    essential: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """What can be awarded, as its organisation defined it.

    framework, edition, level: where it sits; the edition is the one in force when it was defined
        unless another was named
    isced_f: ISCED-F 2013 code of two to four digits
    isco: ISCO-08 codes
    esco: ESCO URIs of occupations or skills
    hours: notional learning hours
    qualification: id of the registered qualification that it is, if its organisation says so
    """

    id: AchievementId
    organisation: OrganisationId
    slug: str
    title: LanguageMap
    kind: AchievementKind
    registered_at: datetime
    framework: str | None = None
    edition: str | None = None
    level: str | None = None
    isced_f: str | None = None
    isco: tuple[str, ...] = ()
    esco: tuple[str, ...] = ()
    outcomes: tuple[LearningOutcome, ...] = ()
    hours: float | None = None
    qualification: str | None = None


class IdentityCheck(StrEnum):
    """How the awarding body made sure who the subject is."""

    DOCUMENT_SEEN = "document_seen"
    REGISTRY = "registry"
    KNOWN_TO_PROVIDER = "known_to_provider"
    NONE = "none"


class Format(StrEnum):
    """How the document is shaped and secured."""

    VCDM = "vcdm"
    OPEN_BADGE = "open-badge"
    VC_JWT = "vc+jwt"
    SD_JWT_VC = "sd-jwt-vc"

    @property
    def is_token(self) -> bool:
        """Whether what leaves is a token and no JSON document with a proof."""
        return self in {Format.VC_JWT, Format.SD_JWT_VC}


class Cryptosuite(StrEnum):
    """How the proof of a JSON document is made."""

    EDDSA_JCS_2022 = "eddsa-jcs-2022"
    EDDSA_RDFC_2022 = "eddsa-rdfc-2022"


SUBJECT_ID_PATTERN: Final = (
    r"^(?:https?://[A-Za-z0-9\[]|did:[a-z0-9]+:|urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:"
    r"|(?:mailto|acct):[A-Za-z0-9._~!$&'*+=%-]+@|tel:\+?[0-9])[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*$"
)
"""Schemes that name a person. Signed documents travel: one that runs code where a reader's program
makes a link of it (`javascript:`, `data:`) is never signed here."""

MAX_SUBJECT_ID: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The person whom an award is about.

    name: in its own script
    name_in_mrz: as in the machine-readable zone of the travel document
    id: a URI of the person's own, as `SUBJECT_ID_PATTERN` says
    """

    name: str
    name_in_mrz: str | None = None
    birth_date: date | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the award rests on."""

    name: str
    narrative: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """That someone was awarded an achievement on a day.

    language: BCP 47 tag of the language in which the document is written
    results: name of the assessed part to its result
    securing: the cryptosuite that was asked for; None for the format's own way
    """

    achievement: Achievement
    subject: Subject
    awarded_on: date
    valid_until: date | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    identity_check: IdentityCheck = IdentityCheck.NONE
    format: Format = Format.VCDM
    securing: Cryptosuite | None = None
    language: str = "en"


class State(StrEnum):
    """Where a credential stands."""

    GOOD = "good"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Action(StrEnum):
    """What can happen to a credential after it was issued."""

    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"


class ReasonCode(StrEnum):
    """Why; disputes at work are not a reason to touch a training credential."""

    ISSUED_IN_ERROR = "issued_in_error"
    FRAUD = "fraud"
    AWARD_WITHDRAWN = "award_withdrawn"
    SUBJECT_REQUEST = "subject_request"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """One thing that happened to a credential; position counts from 1.

    reason: None where the person was erased, since the words may speak of them
    """

    id: str
    credential: CredentialId
    position: int
    action: Action
    reason: str | None
    reason_code: ReasonCode
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRecord:
    """One award as the register has it, without the person: what remains after an erasure.

    accreditation: id of the accreditation that covered it; None where none is needed
    issued_at: when it was recorded; a later signature does not change it
    supersedes, superseded_by: the neighbours in a chain of corrections
    reissued_at: when its document was last signed anew because a key had been stolen
    """

    id: CredentialId
    organisation: OrganisationId
    achievement: AchievementId
    accreditation: str | None
    format: Format
    awarded_on: date
    valid_until: date | None
    issued_at: datetime
    entries: tuple[StatusEntry, ...]
    events: tuple[StatusEvent, ...] = ()
    supersedes: CredentialId | None = None
    superseded_by: CredentialId | None = None
    reissued_at: datetime | None = None

    @property
    def state(self) -> State:
        """Where the credential stands after all that happened to it."""
        state = State.GOOD
        for event in self.events:
            state = _AFTER[event.action]
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCredential(AwardRecord):
    """One award as recorded and signed.

    document: exactly what was signed: JSON text, or a compact token
    """

    subject_name: str
    code: Code
    document: str
    document_id: str


@dataclass(frozen=True, slots=True)
class PositionsWanted:
    """For whom positions in status lists are wanted, and of what kind.

    subject: id of the credential or accreditation
    form: of the list; a Token Status List tells of several purposes by one value
    """

    subject: str
    purposes: tuple[str, ...]
    form: StatusForm = StatusForm.BITSTRING


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAward:
    """An award that was signed and is to be written.

    subject_key: of the person, committed to its store
    content: canonical form of what was signed, by which it is found again
    octets: the document in the one form in which anybody writes it again: canonical, or a token
    """

    credential: IssuedCredential
    award: Award
    subject_key: SubjectKey
    content: bytes
    octets: bytes


_AFTER = {
    Action.SUSPEND: State.SUSPENDED,
    Action.REINSTATE: State.GOOD,
    Action.REVOKE: State.REVOKED,
    Action.SUPERSEDE: State.SUPERSEDED,
}
