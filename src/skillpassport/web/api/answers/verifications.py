"""The verdict on a credential, and what stands behind it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from skillpassport.credentials.model import ReasonCode, State
from skillpassport.organisations.model import OrganisationKind
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.web.api.answers.accreditations import AccreditationFacts
from skillpassport.web.api.answers.credentials import AchievementFacts
from skillpassport.web.api.answers.texts import DayText, Instant, Names
from skillpassport.web.api.equivalences import EquivalenceAnswer


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


REPORT_SCHEMA: dict[str, Any] = {"$ref": "#/components/schemas/ReportOut"}
"""For the page that answers in JSON too; the route of verifications brings the schema."""
