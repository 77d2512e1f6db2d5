"""Verify a credential, whatever was brought: one report with every check that could run.

The checks, in the order of the report: form, parsing, data model, algorithm, verification method,
issuer binding, proof, disclosure, time, status, schema. A failed check does not stop the others, so that
the reader gets the whole list at once. Who the issuer is and whether they were accredited is judged
above this library, by `credentials.verifying`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from skillpassport.vc.checks.content import check_data_model, check_time
from skillpassport.vc.checks.contents import check_contents
from skillpassport.vc.checks.examined import Examined, Memory
from skillpassport.vc.checks.form import check_unread
from skillpassport.vc.checks.jwt_vc import check_jwt
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
from skillpassport.vc.checks.status import ListVerification, check_refresh, check_status
from skillpassport.vc.jose import Jws
from skillpassport.vc.kinds import kind_of
from skillpassport.vc.model import Credential
from skillpassport.vc.recognition import Form, Recognised, recognise, recognise_document
from skillpassport.vc.report import Check, CheckName, Verdict, VerificationReport
from skillpassport.vc.status_forms import STATUS
from skillpassport.vc.strict_json import JsonObject, JsonValue

if TYPE_CHECKING:
    from skillpassport.vc.sdjwt import Revealed, SdJwt, SdJwtKb

DEFAULT_POLICY = Policy()

__all__ = [
    "DEFAULT_POLICY",
    "Memory",
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
    signed, revealed: of an SD-JWT, its payload as the issuer signed it, with digests in place of
        what is disclosed, and the same with what is shown in its places; None where nothing held
    seems_to_be: for `Form.UNKNOWN`, a name such as "an Open Badges 2.0 assertion"
    issuer: identifier as the document names it; trust it only with a passed issuer binding
    """

    report: VerificationReport
    form: Form
    document: JsonObject | None = None
    seems_to_be: str | None = None
    issuer: str | None = None
    verification_method: str | None = None
    signed: JsonObject | None = None
    revealed: "Revealed | None" = None


def verify(
    raw: bytes | str,
    *,
    resolvers: Resolvers,
    now: datetime,
    policy: Policy = DEFAULT_POLICY,
    memory: Memory | None = None,
) -> Verification:
    """Return the report on a credential, read from the text or bytes as they came.

    Never raises for a document, however hostile: what is wrong with it is in the report.

    now: an aware instant
    memory: spares what earlier verifications showed of the same octets; documents are then shared
    between them and not to be changed
    """
    session = Session(resolvers=resolvers, now=now, policy=policy)
    known = memory.recall(raw, session) if memory else None
    if known is not None:
        return _conclude(known, session, memory)
    held = memory.take(raw) if memory else None
    recognised = held or recognise(raw)
    if recognised.form is not Form.VC_JWT or recognised.document is None:
        return verify_recognised(recognised, session, memory)
    examined = _examine(recognised, recognised.document, session)
    if memory:
        memory.remember(raw, examined, session)
    return _conclude(examined, session, memory)


def verify_document(
    document: JsonObject,
    *,
    resolvers: Resolvers,
    now: datetime,
    policy: Policy = DEFAULT_POLICY,
    memory: Memory | None = None,
) -> Verification:
    """Return the report on a credential that `strict_json` has already parsed; see `verify`.

    document: from `strict_json.parse` and no other parser, since that is where duplicate members
    and ambiguous numbers are refused; it is not changed
    """
    session = Session(resolvers=resolvers, now=now, policy=policy)
    return verify_recognised(recognise_document(document), session, memory)


def verify_recognised(
    recognised: Recognised, session: Session, memory: Memory | None = None
) -> Verification:
    """Return the report on a credential whose form is known; see `verify`."""
    document = recognised.document
    if recognised.form is Form.UNKNOWN or document is None or not _is_read(recognised, session):
        return _unreadable(recognised)
    if recognised.sd_jwt is not None:
        return _verify_sd_jwt(recognised, recognised.sd_jwt, session, memory)
    return _conclude(_examine(recognised, document, session), session, memory)


def _examine(
    recognised: Recognised, document: JsonObject, session: Session, proving: Prove = prove
) -> Examined:
    secured = _check_securing(recognised, document, session, proving)
    return Examined(recognised, secured, check_data_model(secured.document, session))


def _conclude(examined: Examined, session: Session, memory: Memory | None = None) -> Verification:
    """Add what depends on the time and on others to what the document itself has shown."""
    recognised, secured = examined.recognised, examined.secured
    credential = Credential(secured.document)
    checks = [
        _form_check(recognised),
        *secured.checks,
        examined.model,
        NO_DISCLOSURE,
        check_time(credential, recognised.jws, session),
        *_check_statuses(credential, recognised.jws, session, memory),
        *check_refresh(credential),
        *check_schemas(credential, _as_presented(recognised, secured), session),
        *_check_inside(credential, session, memory),
    ]
    return Verification(
        report=_in_order(checks),
        form=recognised.form,
        document=secured.document,
        issuer=credential.issuer,
        verification_method=secured.method_id,
    )


def _check_inside(credential: Credential, session: Session, memory: Memory | None) -> list[Check]:
    """Return the checks of the credentials inside a learner record, each judged by itself."""
    if session.is_inside:
        return check_contents(credential, None)
    inner = session.inside()

    def judge(nested: JsonValue) -> Verdict:
        if not isinstance(nested, dict | str):
            return Verdict.UNREADABLE
        recognised = recognise_document(nested) if isinstance(nested, dict) else recognise(nested)
        return verify_recognised(recognised, inner, memory).report.verdict

    return check_contents(credential, judge)


def _as_presented(recognised: Recognised, secured: Secured) -> JsonObject:
    """Return the credential with its proofs; one in a token has none."""
    return secured.document if recognised.jws else recognised.document or secured.document


def _verify_sd_jwt(
    recognised: Recognised,
    presented: "SdJwt | SdJwtKb",
    session: Session,
    memory: Memory | None,
) -> Verification:
    # Loaded on first use, as all that only some forms of credentials need.
    from skillpassport.vc.checks.sd_jwt import check_sd_jwt, check_type  # noqa: PLC0415
    from skillpassport.vc.checks.token_status import check_status_claim  # noqa: PLC0415

    secured = check_sd_jwt(presented, session)
    credential = Credential(secured.claims)
    checks = [_form_check(recognised), *secured.checks]
    if recognised.form is Form.VC_SD_JWT:
        checks += [
            check_data_model(secured.claims, session),
            *_check_statuses(credential, secured.token, session, memory),
            *check_schemas(credential, secured.claims, session),
        ]
    else:
        checks += [
            check_status_claim(secured.claims, secured.issuer, session),
            check_type(secured.revealed, session),
        ]
    return Verification(
        report=_in_order([*checks, check_time(credential, secured.token, session)]),
        form=recognised.form,
        document=secured.claims,
        issuer=secured.issuer,
        verification_method=secured.method_id,
        signed=recognised.document if secured.revealed else None,
        revealed=secured.revealed,
    )


def _check_statuses(
    credential: Credential, token: Jws | None, session: Session, memory: Memory | None
) -> list[Check]:
    """Return the checks of `credentialStatus` and, for a token, of its claim `status`."""
    listed = check_status(credential, session, lambda raw: _verify_list(raw, session, memory))
    if token is None or STATUS not in token.payload:
        return listed
    from skillpassport.vc.checks.token_status import check_status_claim  # noqa: PLC0415

    claimed = check_status_claim(token.payload, credential.issuer, session)
    return [*(check for check in listed if check.code != "no-status"), claimed]


def _in_order(checks: Iterable[Check]) -> VerificationReport:
    return VerificationReport(tuple(sorted(checks, key=lambda check: _ORDER[check.name])))


def _check_securing(
    recognised: Recognised, document: JsonObject, session: Session, proving: Prove = prove
) -> Secured:
    if recognised.form is Form.JADES and recognised.jws is not None:
        from skillpassport.vc.checks.jades import check_jades  # noqa: PLC0415

        return check_jades(recognised.jws, session)
    if recognised.form is Form.JWT_VC and recognised.jws is not None:
        return check_jwt(recognised.jws, document, session)
    if recognised.jws is not None:
        return check_jws(recognised.jws, session)
    if recognised.form is Form.UNSECURED:
        return check_unsecured(document)
    return check_data_integrity(document, session, proving)


def _verify_list(raw: bytes | str, session: Session, memory: Memory | None) -> ListVerification:
    """Verify a status list as a credential: form, proof, binding. No status of a status."""
    examined = memory.recall(raw, session) if memory else None
    if examined is None:
        recognised = recognise_list(raw)
        # A list as SD-JWT would be one of which its publisher could show parts.
        if (
            recognised.form is Form.UNKNOWN
            or not _is_read(recognised, session)
            or recognised.document is None
            or recognised.sd_jwt is not None
        ):
            return ListVerification(_unreadable(recognised).report, None)
        examined = _examine(recognised, recognised.document, session, proving_list(raw))
        if memory:
            memory.remember(raw, examined, session)
    secured = examined.secured
    return ListVerification(VerificationReport((*secured.checks, examined.model)), secured.document)


def _is_read(recognised: Recognised, session: Session) -> bool:
    """Return whether the caller accepts all that the form asks for."""
    return recognised.foreign <= session.policy.foreign


def _form_check(recognised: Recognised) -> Check:
    kind = kind_of(recognised.document or {})
    named = f"{kind}, a credential" if kind else "a credential"
    message = f"The document is {named} of the form {recognised.form}."
    return passed(CheckName.FORM, "form-recognised", message)


def _unreadable(recognised: Recognised) -> Verification:
    check = check_unread(
        recognised.seems_to_be,
        recognised.refusal,
        remedy="Verify it with software that reads this form, or ask the issuer for another one.",
    )
    return Verification(
        report=VerificationReport((check,)),
        form=Form.UNKNOWN,
        document=recognised.document,
        seems_to_be=recognised.seems_to_be,
    )
