"""Whether the credential is suspended or revoked. Fails closed: no answer is never "in force"."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from skillpassport.vc.bitstring_status import (
    ENTRY_TYPE,
    REVOCATION,
    SUSPENSION,
    UNDEFINED,
    StatusEntry,
    read_status,
    validate_status_list_credential,
)
from skillpassport.vc.checks.session import Session, not_applicable, of_error, passed
from skillpassport.vc.model import Credential
from skillpassport.vc.quoting import quoted
from skillpassport.vc.report import Check, CheckName, Outcome, VerificationReport
from skillpassport.vc.status_refusals import StatusListError, StatusListStale, StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

MAX_ENTRIES = 8
"""Each entry costs a fetch to an address that the document chose."""

_SOURCE = "Bitstring Status List 1.0, section 3.2"

WHEN_SET: Mapping[str, Check] = {
    REVOCATION: Check(
        CheckName.STATUS,
        Outcome.FAILED,
        "credential-revoked",
        "The issuer has revoked the credential.",
        remedy="Ask the holder for a credential in force, or the issuer for the reason.",
        source=_SOURCE,
    ),
    SUSPENSION: Check(
        CheckName.STATUS,
        Outcome.FAILED,
        "credential-suspended",
        "The issuer has suspended the credential for now.",
        remedy="Ask the issuer; a suspension can be lifted.",
        source=_SOURCE,
    ),
}
_WITH_A_REMARK_ONLY = frozenset({"refresh", "message"})


class StatusListUnproven(StatusListError):
    """The list itself is not as its issuer signed it."""

    code = "status-list-unproven"

    def __init__(self) -> None:
        super().__init__(
            "Expected a status list with a valid proof of its issuer; found one without. "
            "Ask the issuer to publish the list again."
        )


@dataclass(frozen=True, slots=True)
class ListVerification:
    """A status list credential with the checks of its form, its proof and its issuer."""

    report: VerificationReport
    document: JsonObject | None


VerifyList = Callable[[bytes | str], ListVerification]


def check_status(credential: Credential, session: Session, verify_list: VerifyList) -> list[Check]:
    """Return one check for each status entry of a credential.

    verify_list: verifies the published list as a credential, without its own status or period
    Source: Bitstring Status List 1.0, section 3.2 (Validate)
    """
    if session.policy.unsafe_skip_status:
        message = "The status was not asked for, as the caller wished."
        return [not_applicable(CheckName.STATUS, "status-skipped", message)]
    entries = one_or_many(credential.document.get("credentialStatus"))
    if not entries:
        message = "The issuer publishes no status for this credential."
        return [not_applicable(CheckName.STATUS, "no-status", message)]
    if len(entries) > MAX_ENTRIES:
        return [unreadable_entry(f"has more than {MAX_ENTRIES} status entries")]
    return list(_check_entries(entries, credential, session, verify_list))


def _check_entries(
    entries: list[JsonValue],
    credential: Credential,
    session: Session,
    verify: VerifyList,
) -> Iterator[Check]:
    for entry in entries:
        if not isinstance(entry, dict) or ENTRY_TYPE not in one_or_many(entry.get("type")):
            yield unreadable_entry(
                f"publishes its status {_as_what(entry)}, which is not read here"
            )
            continue
        try:
            yield _check_entry(StatusEntry.from_json(entry), credential, session, verify)
        except (StatusListUnreachable, StatusListStale) as error:
            yield of_error(CheckName.STATUS, error, _SOURCE, outcome=Outcome.UNCHECKED)
        except StatusListError as error:
            yield of_error(CheckName.STATUS, error, _SOURCE)


def _as_what(entry: JsonValue) -> str:
    kinds = one_or_many(entry.get("type")) if isinstance(entry, dict) else []
    named = " and ".join(quoted(kind) for kind in kinds[:2] if isinstance(kind, str))
    return f"as {named}" if named else "in another form"


def _check_entry(
    entry: StatusEntry, credential: Credential, session: Session, verify_list: VerifyList
) -> Check:
    published = _proven(verify_list(session.resolvers.status_list(entry.list_url)))
    answering = validate_status_list_credential(
        published, entry, issuer=credential.issuer or "", now=session.now
    )
    value = read_status(answering.encoded, entry.index, entry.size)
    if not value:
        message = f"The issuer has not set the status {quoted(entry.purpose)}."
        return passed(CheckName.STATUS, "status-clear", message, _SOURCE)
    told = answering.messages[value] if answering.messages else None
    return WHEN_SET.get(entry.purpose) or _set_for_another_purpose(entry.purpose, told)


def _proven(verification: ListVerification) -> JsonObject:
    """Return a list whose proof holds.

    Raises: StatusListUnproven, StatusListUnreachable (its issuer's key could not be had)
    """
    outcomes = {check.outcome for check in verification.report.checks}
    if Outcome.FAILED in outcomes or verification.document is None:
        raise StatusListUnproven
    if Outcome.UNCHECKED in outcomes:
        raise StatusListUnreachable("a list whose signing key is out of reach")
    return verification.document


def _set_for_another_purpose(purpose: str, told: str | None) -> Check:
    """Return what the reader makes of a status that neither revokes nor suspends.

    told: the issuer's words for developers; the pages have their own
    """
    is_remark = purpose in _WITH_A_REMARK_ONLY and told != UNDEFINED
    words = f": {quoted(told)}" if told is not None else ""
    return Check(
        CheckName.STATUS,
        Outcome.WARNED if is_remark else Outcome.UNCHECKED,
        "status-flagged" if is_remark else "status-purpose-unknown",
        f"The issuer has set the status {quoted(purpose)}{words}.",
        remedy="Ask the issuer what it means for this credential.",
        source=_SOURCE,
    )


def check_refresh(credential: Credential) -> list[Check]:
    """Return a remark where the issuer offers a newer version; nobody is asked for it.

    Source: VC Data Model 2.0, section 5.4
    """
    offered = one_or_many(credential.document.get("refreshService"))
    if not offered:
        return []
    return [
        Check(
            CheckName.STATUS,
            Outcome.WARNED,
            "refresh-not-asked",
            f"The issuer offers a newer version {_as_what(offered[0])}; it was not asked for.",
            remedy="Ask the holder for the newest version.",
            source="VC Data Model 2.0, section 5.4",
        )
    ]


def unreadable_entry(found: str) -> Check:
    """Return that nobody here can say whether the credential was withdrawn."""
    return Check(
        CheckName.STATUS,
        Outcome.UNCHECKED,
        "status-type-unknown",
        f"The credential {found}, so it may have been withdrawn.",
        remedy="Ask the issuer whether the credential is in force.",
        source=_SOURCE,
    )
