"""Bodies of the VC-API: what is asked for, and its options, taken out of strict JSON.

Documents pass through untouched, since they are signed or were. Options that are not known here are
passed over, as the VC-API's clients send many; those that are known must have their kind.
Source: Verifiable Credential API, sections 3.2 to 3.4
"""

from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request

from skillpassport.errors import SkillPassportError
from skillpassport.profiles.issuing import IssueOptions
from skillpassport.profiles.securing import MANDATORY
from skillpassport.profiles.statuses import REVOCATION, WhichCredential
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.report import PROOF_CHECKS, CheckName
from skillpassport.vc.status_refusals import StatusEntryMalformed, StatusListError
from skillpassport.vc.strict_json import JsonObject, one_or_many
from skillpassport.vc.token_status import StatusReference
from skillpassport.web.bodies import read_json_body

MAX_POINTERS: Final = 500
MAX_TEXT: Final = 2_000

CHECKS: Final = {
    "proof": PROOF_CHECKS,
    "status": frozenset({CheckName.STATUS}),
    "credentialStatus": frozenset({CheckName.STATUS}),
    "schema": frozenset({CheckName.SCHEMA}),
    "credentialSchema": frozenset({CheckName.SCHEMA}),
}
"""What may be asked for in `options.checks`; a name that is not here asks for everything."""


_ASKED_ELSEWHERE: Final = frozenset({CheckName.STATUS, CheckName.SCHEMA})


class VcApiRequestMalformed(SkillPassportError):
    """A request of the VC-API lacks what it is about, or has it in another form."""

    code = "vc-api-request-malformed"

    def __init__(self, pointer: str, expected: str) -> None:
        super().__init__(
            f"Expected {expected} at '{pointer}', found another value or none; see /openapi.json "
            "and send the request again."
        )
        self.pointer = pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest:
    """What to verify, and what of it.

    checks: names of the checks that decide; None for all
    """

    document: JsonObject | str
    checks: frozenset[str] | None
    domain: str | None
    challenge: str | None

    @property
    def proof_alone(self) -> bool:
        """Whether nobody needs to be asked for a status or a schema."""
        return self.checks is not None and not self.checks & _ASKED_ELSEWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """Which status to set or clear."""

    which: WhichCredential
    purpose: str
    sets: bool


async def json_body(request: Request) -> JsonObject:
    """Return the body as one JSON object.

    Raises: VcApiRequestMalformed, and all that `read_json_body` raises
    """
    value = await (await read_json_body(request)).json()
    if not isinstance(value, dict):
        raise VcApiRequestMalformed("", "a JSON object")
    return value


def read_issue(body: JsonObject) -> tuple[JsonObject, IssueOptions]:
    """Return the credential to sign and the options.

    Raises: VcApiRequestMalformed
    """
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise VcApiRequestMalformed("/credential", "a credential as a JSON object")
    if "options" not in body:
        return credential, IssueOptions()
    options = _options(body)
    return credential, IssueOptions(
        credential_id=_text(options, "credentialId"),
        mandatory=_pointers(options, "mandatoryPointers", MANDATORY),
    )


def read_verify(body: JsonObject, member: str) -> VerifyRequest:
    """Return what is to be verified.

    member: under which it stands
    Raises: VcApiRequestMalformed
    """
    document = body.get(member)
    if not isinstance(document, dict | str) or not document:
        raise VcApiRequestMalformed(f"/{member}", "a JSON object, or a token as a text")
    options = _options(body)
    return VerifyRequest(
        document=document,
        checks=_checks(options),
        domain=_text(options, "domain"),
        challenge=_text(options, "challenge"),
    )


def read_derive(body: JsonObject) -> tuple[JsonObject, tuple[str, ...]]:
    """Return the credential of which a part is to be shown, and the pointers to what.

    Raises: VcApiRequestMalformed
    """
    document = body.get("verifiableCredential")
    if not isinstance(document, dict):
        raise VcApiRequestMalformed("/verifiableCredential", "a credential as a JSON object")
    return document, _pointers(_options(body), "selectivePointers", ())


def read_status(body: JsonObject) -> StatusRequest:
    """Return which status is to change, and how.

    Raises: VcApiRequestMalformed
    Source: Verifiable Credential API, section 3.2.2 (Update Status)
    """
    entry = _entry(body)
    url, index = _place(entry)
    which = WhichCredential(document_id=_text(body, "credentialId"), list_url=url, index=index)
    if which == WhichCredential():
        raise VcApiRequestMalformed("/credentialId", "the id of a credential, or a status entry")
    purpose = entry.get("statusPurpose", REVOCATION)
    if not isinstance(purpose, str):
        raise VcApiRequestMalformed("/credentialStatus/statusPurpose", "a text")
    value = body.get("status", entry.get("status", True))
    if value not in _TRUTHS:
        raise VcApiRequestMalformed("/status", "true or false")
    return StatusRequest(which=which, purpose=purpose, sets=value in {True, "1", "true"})


_TRUTHS: Final[tuple[Any, ...]] = (True, False, "0", "1", "true", "false")


def _entry(body: JsonObject) -> JsonObject:
    entries = one_or_many(body.get("credentialStatus", {}))
    if len(entries) != 1 or not isinstance(entries[0], dict):
        raise VcApiRequestMalformed("/credentialStatus", "one status entry")
    return entries[0]


def _place(entry: JsonObject) -> tuple[str | None, int | None]:
    if "status_list" in entry:
        return _place_of_token(entry)
    if "statusListCredential" not in entry and "statusListIndex" not in entry:
        return None, None
    try:
        place = StatusEntry.from_json({"statusPurpose": REVOCATION, **entry})
    except StatusEntryMalformed as error:
        raise VcApiRequestMalformed("/credentialStatus", "the entry of a credential") from error
    return place.list_url, place.index


def _place_of_token(entry: JsonObject) -> tuple[str, int]:
    try:
        reference = StatusReference.from_claim(entry)
    except StatusListError as error:
        raise VcApiRequestMalformed("/credentialStatus", "the status of a token") from error
    if reference is None:
        raise VcApiRequestMalformed("/credentialStatus", "the status of a token")
    return reference.uri, reference.index


def _options(body: JsonObject) -> JsonObject:
    options = body.get("options", {})
    if not isinstance(options, dict):
        raise VcApiRequestMalformed("/options", "a JSON object")
    return options


def _checks(options: JsonObject) -> frozenset[str] | None:
    """Return the checks that decide; an empty list asks for all, as a missing one does."""
    names = _texts(options, "checks")
    if not names or any(name not in CHECKS for name in names):
        return None
    return frozenset(str(check) for name in names for check in CHECKS[name])


def _pointers(options: JsonObject, member: str, default: tuple[str, ...]) -> tuple[str, ...]:
    pointers = _texts(options, member)
    if not all(pointer.startswith("/") for pointer in pointers):
        raise VcApiRequestMalformed(f"/options/{member}", "JSON pointers, which start with '/'")
    return pointers if member in options else default


def _texts(options: JsonObject, member: str) -> tuple[str, ...]:
    values = options.get(member, [])
    if not isinstance(values, list) or len(values) > MAX_POINTERS:
        raise VcApiRequestMalformed(f"/options/{member}", "an array of texts")
    texts = tuple(value for value in values if isinstance(value, str) and len(value) <= MAX_TEXT)
    if len(texts) != len(values):
        raise VcApiRequestMalformed(f"/options/{member}", "an array of texts")
    return texts


def _text(options: JsonObject, member: str) -> str | None:
    value = options.get(member)
    if value is None:
        return None
    # Stores look for it as text, and not every store can hold U+0000.
    if not isinstance(value, str) or not value or len(value) > MAX_TEXT or "\0" in value:
        raise VcApiRequestMalformed(f"/options/{member}", "a text")
    return value
