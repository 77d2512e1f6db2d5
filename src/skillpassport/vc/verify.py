"""Verify a credential, whatever was brought: one report with every check that could run.

The checks, in the order of the report: form, parsing, data model, algorithm, verification method,
issuer binding, proof, disclosure, time, status, schema. A failed check does not stop the others, so that
the reader gets the whole list at once. Who the issuer is and whether they were accredited is judged
above this library, by `credentials.verifying`.
"""

from dataclasses import dataclass
from datetime import datetime

from skillpassport.vc.checks.content import check_data_model, check_time
from skillpassport.vc.checks.remembered import Prove, prove, proving_list, recognise_list
from skillpassport.vc.checks.schema import check_schemas
from skillpassport.vc.checks.securing import (
    NO_DISCLOSURE,
    Secured,
    check_data_integrity,
    check_jws,
    check_unsecured,
)
from skillpassport.vc.checks.session import (
    Offline,
    Policy,
    Resolvers,
    SchemaUnreachable,
    Session,
    passed,
)
from skillpassport.vc.checks.status import ListVerification, check_status
from skillpassport.vc.model import Credential
from skillpassport.vc.recognition import Form, Recognised, recognise, recognise_document
from skillpassport.vc.report import Check, CheckName, Outcome, VerificationReport
from skillpassport.vc.strict_json import JsonObject

DEFAULT_POLICY = Policy()

__all__ = [
    "DEFAULT_POLICY",
    "Offline",
    "Policy",
    "Resolvers",
    "SchemaUnreachable",
    "Verification",
    "verify",
    "verify_document",
]

_ORDER = {str(name): position for position, name in enumerate(CheckName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A report, and what it is about.

    document: what was signed, without Data Integrity proofs; when nothing held, as presented
    seems_to_be: for `Form.UNKNOWN`, a name such as "an Open Badges 2.0 assertion"
    issuer: identifier as the document names it; trust it only with a passed issuer binding
    """

    report: VerificationReport
    form: Form
    document: JsonObject | None = None
    seems_to_be: str | None = None
    issuer: str | None = None
    verification_method: str | None = None


def verify(
    raw: bytes | str, *, resolvers: Resolvers, now: datetime, policy: Policy = DEFAULT_POLICY
) -> Verification:
    """Return the report on a credential, read from the text or bytes as they came.

    Never raises for a document, however hostile: what is wrong with it is in the report.

    now: an aware instant
    """
    session = Session(resolvers=resolvers, now=now, policy=policy)
    return verify_recognised(recognise(raw), session)


def verify_document(
    document: JsonObject, *, resolvers: Resolvers, now: datetime, policy: Policy = DEFAULT_POLICY
) -> Verification:
    """Return the report on a credential that `strict_json` has already parsed; see `verify`.

    document: from `strict_json.parse` and no other parser, since that is where duplicate members
    and ambiguous numbers are refused; it is not changed
    """
    session = Session(resolvers=resolvers, now=now, policy=policy)
    return verify_recognised(recognise_document(document), session)


def verify_recognised(recognised: Recognised, session: Session) -> Verification:
    """Return the report on a credential whose form is known; see `verify`."""
    document = recognised.document
    if recognised.form is Form.UNKNOWN or document is None:
        return _unreadable(recognised)
    secured = _check_securing(recognised, document, session)
    credential = Credential(secured.document)
    checks = [
        _form_check(recognised),
        *secured.checks,
        check_data_model(secured.document, session),
        NO_DISCLOSURE,
        check_time(credential, recognised.jws, session),
        *check_status(credential, session, lambda raw: _verify_list(raw, session)),
        *check_schemas(credential, document, session),
    ]
    return Verification(
        report=VerificationReport(tuple(sorted(checks, key=lambda check: _ORDER[check.name]))),
        form=recognised.form,
        document=secured.document,
        issuer=credential.issuer,
        verification_method=secured.method_id,
    )


def _check_securing(
    recognised: Recognised, document: JsonObject, session: Session, proving: Prove = prove
) -> Secured:
    if recognised.jws is not None:
        return check_jws(recognised.jws, session)
    if recognised.form is Form.UNSECURED:
        return check_unsecured(document)
    return check_data_integrity(document, session, proving)


def _verify_list(raw: bytes | str, session: Session) -> ListVerification:
    """Verify a status list as a credential: form, proof, binding. No status of a status."""
    recognised = recognise_list(raw)
    if recognised.form is Form.UNKNOWN or recognised.document is None:
        return ListVerification(_unreadable(recognised).report, None)
    secured = _check_securing(recognised, recognised.document, session, proving_list(raw))
    checks = (*secured.checks, check_data_model(secured.document, session))
    return ListVerification(VerificationReport(checks), secured.document)


def _form_check(recognised: Recognised) -> Check:
    message = f"The document is a credential of the form {recognised.form}."
    return passed(CheckName.FORM, "form-recognised", message)


def _unreadable(recognised: Recognised) -> Verification:
    refusal = recognised.refusal
    reason = f" {refusal.message}" if refusal else ""
    check = Check(
        CheckName.FORM,
        Outcome.FAILED,
        refusal.code if refusal else "form-unknown",
        f"This seems to be {recognised.seems_to_be}.{reason}",
        remedy="Verify it with software that reads this form, or ask the issuer for another one.",
    )
    return Verification(
        report=VerificationReport((check,)),
        form=Form.UNKNOWN,
        document=recognised.document,
        seems_to_be=recognised.seems_to_be,
    )
