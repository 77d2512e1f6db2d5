"""Answers about achievements and credentials."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from skillpassport.credentials.model import AchievementKind, Action, Format, ReasonCode, State
from skillpassport.web.api.answers.log import EntryOut
from skillpassport.web.api.answers.texts import DayText, Instant, Names


class LearningOutcomeOut(BaseModel):
    """What a learner knows, understands and can do afterwards."""

    code: str
    statement: Names
    essential: bool


class AchievementFacts(BaseModel):
    """What is awarded, and where it stands in a framework."""

    id: str
    slug: str
    title: Names
    kind: AchievementKind
    framework: str | None
    edition: str | None
    level: str | None
    isced_f: str | None
    isco: list[str]
    esco: list[str]
    outcomes: list[LearningOutcomeOut]
    hours: float | None
    qualification: str | None = None


class AchievementOut(AchievementFacts):
    """An achievement as its organisation defined it."""

    organisation: str
    registered_at: Instant


class AchievementPage(BaseModel):
    """A page of achievements, oldest first."""

    items: list[AchievementOut]
    next: str | None


class StatusEntryOut(BaseModel):
    """Where a published list tells of this credential."""

    purpose: str
    list: str
    index: int


class StatusEventOut(BaseModel):
    """One thing that happened to a credential."""

    action: Action
    reason: Annotated[str | None, Field(description="None where the person was erased.")]
    reason_code: ReasonCode
    recorded_at: Instant


class StatusOut(BaseModel):
    """Where a credential stands, and how it came there."""

    state: State
    entries: list[StatusEntryOut]
    events: list[StatusEventOut]


class CredentialLinks(BaseModel):
    """Where a credential is found, verified and drawn."""

    self_: str = Field(alias="self")
    verify: str
    qr: str


class DisclosureOut(BaseModel):
    """What the log committed to, for the owner: opens `commitment`, and the document's own.

    Salts are base64url, the leaf hash is hexadecimal; no position until the entry has its place.
    """

    position: int | None
    entry: EntryOut
    leaf: str
    facts: Mapping[str, str]
    salt: str
    document_salt: str
    document: Annotated[
        dict[str, Any] | str, Field(description="The document that this entry committed to.")
    ]


class ErasedCredentialOut(BaseModel):
    """What remains of an award once its person was erased: it is counted, and says nobody's name."""

    erased: Literal[True]
    id: str
    achievement: str
    format: Format
    awarded_on: DayText
    valid_until: DayText | None
    issued_at: Instant
    reissued_at: Instant | None
    status: StatusOut
    supersedes: str | None
    superseded_by: str | None


class CredentialOut(BaseModel):
    """The owner's view of a credential; `document` is exactly what was signed."""

    id: str
    code: str
    code_grouped: str
    achievement: str
    format: Format
    awarded_on: DayText
    valid_until: DayText | None
    issued_at: Instant
    reissued_at: Annotated[
        Instant | None,
        Field(description="When the document was signed anew because its key had been stolen."),
    ]
    document: dict[str, Any] | str
    status: StatusOut
    supersedes: str | None
    superseded_by: str | None
    links: CredentialLinks
    notice: str | None = None
    log: DisclosureOut | None = None
    reissue_log: DisclosureOut | None = None


class CredentialPage(BaseModel):
    """A page of credentials, newest first."""

    items: list[CredentialOut | ErasedCredentialOut]
    next: str | None
