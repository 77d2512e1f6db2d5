"""The shapes of answers about trust, awards and verdicts, as `/openapi.json` describes them.

Instants and days stay the texts that they are: these models describe, and rewrite nothing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from skillpassport.credentials.model import AchievementKind, Action, Format, ReasonCode, State
from skillpassport.organisations.model import OrganisationKind
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.web.api.equivalences import EquivalenceAnswer

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
DayText = Annotated[str, Field(json_schema_extra={"format": "date"})]
Names = Mapping[str, str]

# --- organisations ----------------------------------------------------------------------------


class OrganisationOut(BaseModel):
    """What is public about an organisation."""

    id: str
    slug: str
    name: Names
    kind: OrganisationKind
    country: str
    jurisdictions: list[str]
    frameworks: list[str]
    did: str
    sandbox: bool
    late_issue_days: int
    registered_at: Instant


class RegisteredOut(OrganisationOut):
    """A new organisation; its API key is shown this once."""

    api_key: str


class ApiKeyOut(BaseModel):
    """A further API key; it is shown this once."""

    id: str
    scopes: list[str]
    api_key: str


class ApiKeyRecord(BaseModel):
    """What is kept of an API key: never the key."""

    id: str
    scopes: list[str]
    created_at: Instant
    revoked_at: Instant | None


class ApiKeyPage(BaseModel):
    """A page of API keys, oldest first."""

    items: list[ApiKeyRecord]
    next: str | None


class SigningKeyOut(BaseModel):
    """A signing key's public half and its life; `revoked_by` is the API key that asked."""

    name: str
    verification_method: str
    created_at: Instant
    signs_until: Instant
    retired_at: Instant | None
    revoked_at: Instant | None
    reason: str | None
    revoked_by: str | None


class SigningKeyPage(BaseModel):
    """A page of signing keys, oldest first."""

    items: list[SigningKeyOut]
    next: str | None


class SigningKeyRevokedOut(BaseModel):
    """The key that was published as compromised, and the new one if it had still been in use."""

    revoked: SigningKeyOut
    new: SigningKeyOut | None


class ReissueProblem(BaseModel):
    """An award that was not signed anew, and why."""

    credential: str
    code: str


class ReissueOut(BaseModel):
    """What became of the awards that were looked at; `next` is null when there are no more."""

    looked_at: int
    signed_anew: int
    in_order: int
    final: int
    erased: int
    recorded_later: int
    refused: int
    problems: list[ReissueProblem]
    next: str | None


class MeOut(BaseModel):
    """Who stands behind a key; no organisation for the administrator."""

    administrator: bool
    organisation: OrganisationOut | None
    scopes: list[str]


# --- accreditations ---------------------------------------------------------------------------


class ScopeOut(BaseModel):
    """What may be awarded, said in one of three ways."""

    achievements: list[str] | None = None
    framework: str | None = None
    levels: list[str] | None = None
    isced_f: list[str] | None = None


class WithdrawalOut(BaseModel):
    """The end of an accreditation; `effective_from` is the first day without the right."""

    effective_from: DayText
    reason: str
    recorded_at: Instant


class AccreditationFacts(BaseModel):
    """What an accreditation allows, and until when; both days are inclusive."""

    id: str
    scope: ScopeOut
    valid_from: DayText
    valid_until: DayText
    last_enrolment: DayText | None
    last_achievement: DayText | None
    withdrawal: WithdrawalOut | None


class AccreditationOut(AccreditationFacts):
    """An accreditation with the credential that the authority signed."""

    authority: str
    organisation: str
    late_issue_days: int
    granted_at: Instant
    document: dict[str, Any]


class LateAwardOut(BaseModel):
    """Leave to record one award after all; usable once."""

    id: str
    accreditation: str
    achievement: str
    awarded_on: DayText


# --- achievements and credentials -------------------------------------------------------------


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


class EntryOut(BaseModel):
    """One line of the log: the input of its leaf is the canonical JSON of these members."""

    kind: str
    subject: str
    time: Instant
    commitment: str


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


# --- verification -----------------------------------------------------------------------------


class RemarkOut(BaseModel):
    """Something that the reader should know."""

    code: str
    message: str


class CheckOut(BaseModel):
    """One question that was asked of a credential, and its answer."""

    name: str
    outcome: Outcome
    code: str
    message: str
    source: str | None
    remedy: str | None = None


class OrganisationTold(BaseModel):
    """An organisation as a report names it."""

    id: str
    did: str
    slug: str
    name: Names
    kind: OrganisationKind
    country: str


class AccreditationTold(AccreditationFacts):
    """The accreditation that an award rests on, and the authority behind it."""

    standing: str
    authority: OrganisationTold | None


class IssuerTold(OrganisationTold):
    """An issuer as the register knows it."""

    known: Literal[True]
    sandbox: bool
    accreditation: AccreditationTold | None


class StrangerTold(BaseModel):
    """An issuer of whom the register knows nothing; `id` is what the document says."""

    id: str
    known: Literal[False]


class AchievementClaimed(BaseModel):
    """What a genuine document of somebody else says of its achievement."""

    id: Any = None
    name: Any = None
    description: Any = None


class SubjectTold(BaseModel):
    """The person, unless withheld: only a valid credential tells."""

    withheld: bool
    id: Any = None
    name: Any = None
    name_in_mrz: Any = None
    birthDate: Any = None  # noqa: N815 - spelled as in the document
    not_shown: Annotated[
        list[str] | None,
        Field(
            description="What the holder of an SD-JWT keeps back, if the credential holds it: "
            "`id`, `name`, `name_in_mrz`, `birthDate`, `results`, `evidence`."
        ),
    ] = None
    compare_with: str | None = None


class AwardTold(BaseModel):
    """The entry of the award register."""

    awarded_on: DayText
    valid_until: DayText | None
    recorded_at: Instant
    reissued_at: Annotated[
        Instant | None,
        Field(description="When the document was signed anew because its key had been stolen."),
    ]
    state: State
    state_since: Annotated[Instant | None, Field(description="None where nothing has happened.")]
    reason_code: ReasonCode | None


class Meaning(EquivalenceAnswer):
    """What the achievement means in the reader's country, disclaimer included."""

    destination: str


class NoDestination(BaseModel):
    """No country was named, so no meaning was asked for."""

    answer: Literal["no_destination"]


class StatementTold(BaseModel):
    """When a comparability statement held; `replaced_by` is the address of the next version."""

    id: str
    version: int
    held_from: Instant
    held_until: Instant | None
    replaced_by: str | None


class ReportOut(BaseModel):
    """The verdict on a credential, with every check behind it."""

    verdict: Verdict
    remarks: list[RemarkOut]
    checks: list[CheckOut]
    issuer: IssuerTold | StrangerTold | None
    achievement: AchievementFacts | AchievementClaimed | None
    subject: SubjectTold
    meaning: Meaning | NoDestination
    seems_to_be: str | None = None
    award: AwardTold | None = None
    statement: StatementTold | None = None
    replaced_by: str | None = None


# --- log --------------------------------------------------------------------------------------


class LogHeadOut(BaseModel):
    """The newest signed head; `note` is what was signed."""

    origin: str
    size: int
    root: str
    time: Instant
    note: str


class LogEntryOut(BaseModel):
    """A line of the log, and its leaf hash in hexadecimal."""

    position: int
    entry: EntryOut
    leaf: str


class LogProofOut(BaseModel):
    """A proof; hashes are hexadecimal, in the order of RFC 6962.

    Of inclusion: `position` and `leaf`. Of consistency: `old_size` and `old_root`.
    """

    kind: Literal["inclusion", "consistency"]
    size: int
    root: str
    path: list[str]
    position: int | None = None
    leaf: str | None = None
    old_size: int | None = None
    old_root: str | None = None


REPORT_SCHEMA: dict[str, Any] = {"$ref": "#/components/schemas/ReportOut"}
"""For the page that answers in JSON too; the route of verifications brings the schema."""

PUBLISHED_DID: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/did+json": {"schema": {"type": "object"}}}}
}
PUBLISHED_LIST: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/vc": {"schema": {"type": "object"}},
            "application/statuslist+jwt": {"schema": {"type": "string"}},
            "application/statuslist+cwt": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""For `responses=`: these documents are bytes that were signed or are derived as they are."""
