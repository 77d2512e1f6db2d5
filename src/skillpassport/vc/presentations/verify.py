"""Verify a presentation: who presents it, and each credential in it with a report of its own.

Two questions that are easily taken for one are kept apart. The report of the presentation says whether
whoever holds the key of `holder` signed it, for this occasion. The report of each credential says
whether its issuer signed it, and ends with whether it is about that holder.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from skillpassport.vc.checks.content import check_model
from skillpassport.vc.checks.form import check_unread
from skillpassport.vc.checks.securing import check_proofs
from skillpassport.vc.checks.session import Policy, Resolvers, Session, of_error, passed
from skillpassport.vc.checks.tokens import check_token
from skillpassport.vc.controllers import ASSERTION, AUTHENTICATION
from skillpassport.vc.jose import Jws, check_vp_jwt
from skillpassport.vc.jose.jws import check_header
from skillpassport.vc.jose.presentation import check_vp_claims
from skillpassport.vc.model import Credential
from skillpassport.vc.presentations.checks import (
    check_asked,
    check_bound_holder,
    check_holder,
    check_presenter,
    check_token_conditions,
    check_unsigned,
)
from skillpassport.vc.presentations.model import (
    MAX_CREDENTIALS,
    Presentation,
    presentation_problems,
)
from skillpassport.vc.presentations.recognition import (
    VP_SD_JWT,
    PresentationForm,
    RecognisedPresentation,
    recognise_presentation,
    recognise_presentation_document,
)
from skillpassport.vc.recognition import Form, Recognised, recognise_document
from skillpassport.vc.report import (
    PROOF_CHECKS,
    Check,
    CheckName,
    Outcome,
    Verdict,
    VerificationReport,
)
from skillpassport.vc.sdjwt import DisclosureRefused, SdJwt, SdJwtError
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import DEFAULT_POLICY, Verification, verify_recognised

_MODEL_SOURCE = "VC Data Model 2.0, section 4.13"
_SD_JWT_SOURCE = "RFC 9901, section 7.1"
_NEVER_DISCLOSED = frozenset(
    {"@context", "type", "holder", "iss", "aud", "nonce", "exp", "nbf", "iat"}
)
"""What says who presents to whom and when cannot be left out after signing."""

_WORST_FIRST = (Verdict.UNREADABLE, Verdict.INVALID, Verdict.UNDETERMINED, Verdict.VALID)
_ORDER = {name: position for position, name in enumerate(CheckName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedCredential:
    """One credential of a presentation.

    verification: its own report, which ends with whether it is about the holder
    """

    verification: Verification

    @property
    def is_the_holders(self) -> bool:
        """Whether it is proven that the credential is about whoever presented it."""
        report = self.verification.report
        return report.verdict is Verdict.VALID and any(
            check.name == CheckName.HOLDER and check.outcome is Outcome.PASSED
            for check in report.checks
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationVerification:
    """What a verification of a presentation found.

    report: of the presentation itself, without the credentials
    holder: who is proven to present; None when nobody is
    seems_to_be: for `PresentationForm.UNKNOWN`, what it seems to be
    """

    report: VerificationReport
    form: PresentationForm
    document: JsonObject | None = None
    holder: str | None = None
    credentials: tuple[PresentedCredential, ...] = ()
    seems_to_be: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of the presentation's and the credentials' verdicts."""
        verdicts = {self.report.verdict}
        verdicts |= {credential.verification.report.verdict for credential in self.credentials}
        if self.report.verdict is not Verdict.UNREADABLE and Verdict.UNREADABLE in verdicts:
            # The presentation was read; one thing in it that is no credential spoils it.
            return Verdict.INVALID
        return next(verdict for verdict in _WORST_FIRST if verdict in verdicts)

    def verified(self, names: Collection[str] | None = None) -> bool:
        """Return whether none of the named checks failed or stayed open, here or in a credential."""
        reports = [credential.verification.report for credential in self.credentials]
        return self.report.verified(names) and all(report.verified(names) for report in reports)


def verify_presentation(
    raw: bytes | str, *, resolvers: Resolvers, now: datetime, policy: Policy = DEFAULT_POLICY
) -> PresentationVerification:
    """Return the report on a presentation, read from the text or bytes as they came.

    Never raises for a document, however hostile: what is wrong with it is in the report.

    now: an aware instant
    policy: `domain` and `challenge` are what the presentation must be bound to
    """
    session = _session(resolvers, now, policy)
    return _verify(recognise_presentation(raw), session)


def verify_presentation_document(
    document: JsonObject,
    *,
    resolvers: Resolvers,
    now: datetime,
    policy: Policy = DEFAULT_POLICY,
) -> PresentationVerification:
    """Return the report on a presentation that `strict_json` parsed; see `verify_presentation`."""
    session = _session(resolvers, now, policy)
    return _verify(recognise_presentation_document(document), session)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proven:
    """What the securing of a presentation showed: the checks, and whose signatures hold."""

    checks: tuple[Check, ...]
    document: JsonObject
    holder: str | None = None


def _session(resolvers: Resolvers, now: datetime, policy: Policy) -> Session:
    return Session(resolvers=resolvers, now=now, policy=replace(policy, purpose=AUTHENTICATION))


def _verify(recognised: RecognisedPresentation, session: Session) -> PresentationVerification:
    document = recognised.document
    if recognised.form is PresentationForm.UNKNOWN or document is None:
        return _unreadable(recognised)
    if recognised.credential is not None:
        return _verify_shown(recognised.credential, document, session)
    proven = _check_securing(recognised, document, session)
    message = f"The document is a presentation of the form {recognised.form}."
    checks = [
        passed(CheckName.FORM, "presentation-recognised", message, _MODEL_SOURCE),
        *proven.checks,
        *_check_model(proven.document, session),
    ]
    report = VerificationReport(tuple(sorted(checks, key=lambda c: _ORDER[CheckName(c.name)])))
    return PresentationVerification(
        report=report,
        form=recognised.form,
        document=proven.document,
        holder=proven.holder,
        credentials=_verify_credentials(proven, session),
    )


def _verify_shown(
    credential: Recognised, document: JsonObject, session: Session
) -> PresentationVerification:
    """Return the report on an SD-JWT: one credential, and whether its holder signed for showing it."""
    policy = replace(session.policy, purpose=ASSERTION)
    shown = verify_recognised(credential, session.under(policy))
    message = f"The document is a presentation of the form {PresentationForm.SD_JWT}."
    form = passed(CheckName.FORM, "presentation-recognised", message, _SD_JWT_SOURCE)
    # Absent where the form itself is not accepted; the credential's own report then says so.
    bindings = [check for check in shown.report.checks if check.name == CheckName.KEY_BINDING]
    holders = [check_bound_holder(binding, session) for binding in bindings]
    is_bound = any(binding.outcome is Outcome.PASSED for binding in bindings)
    subject = (shown.document or {}).get("sub")
    return PresentationVerification(
        report=VerificationReport((form, *bindings)),
        form=PresentationForm.SD_JWT,
        document=document,
        holder=subject if is_bound and isinstance(subject, str) else None,
        credentials=(
            PresentedCredential(
                verification=replace(shown, report=shown.report.with_checks(*holders))
            ),
        ),
    )


def _check_model(document: JsonObject, session: Session) -> Iterator[Check]:
    """Yield whether it follows the model; where a credential was left out, its reading fails as well.

    Whoever asks for the proofs alone asks for those of every credential.
    """
    model = check_model(document, presentation_problems(document), session)
    yield model
    if not Presentation(document).is_judged_whole:
        yield replace(model, name=CheckName.PARSING)


def _check_securing(
    recognised: RecognisedPresentation, document: JsonObject, session: Session
) -> _Proven:
    if recognised.jws is not None:
        return _check_jws(recognised.jws, session, check_vp_jwt)
    if recognised.sd_jwt is not None:
        return _check_sd_jwt(recognised.sd_jwt, session)
    if recognised.form is PresentationForm.UNSIGNED:
        return _Proven(checks=tuple(check_unsigned(session)), document=document)
    secured = check_proofs(document, session)
    if not secured.methods:
        return _Proven(checks=secured.checks, document=secured.document)
    claimed = Presentation(document).holder
    presenter = check_presenter(claimed, secured.methods)
    checks = (*secured.checks, *check_asked(session), presenter)
    holder = _proven_holder(checks, claimed or secured.methods[0].did)
    return _Proven(checks=checks, document=secured.document, holder=holder)


def _check_sd_jwt(sd_jwt: SdJwt, session: Session) -> _Proven:
    """Check a presentation as SD-JWT (VC-JOSE-COSE, section 3.2.2), with what is disclosed of it."""
    try:
        revealed = sd_jwt.revealed()
        if any(path[0] in _NEVER_DISCLOSED for path in revealed.places):
            raise DisclosureRefused("claims that may be withheld", "one that may not")
    except SdJwtError as error:
        check = of_error(CheckName.DISCLOSURE, error, _SD_JWT_SOURCE)
        return _Proven(checks=(check,), document={})
    # Signed is the token as it came; judged are the claims with what was disclosed in their place.
    proven = _check_jws(replace(sd_jwt.jws, payload=revealed.claims), session, _check_vp_sd_jwt)
    message = "Every part that is shown was signed by the holder."
    shown = passed(CheckName.DISCLOSURE, "disclosures-hold", message, _SD_JWT_SOURCE)
    return replace(proven, checks=(*proven.checks, shown))


def _check_vp_sd_jwt(jws: Jws) -> None:
    check_header(jws, VP_SD_JWT, content_type="vp")
    check_vp_claims(jws.payload)


def _check_jws(jws: Jws, session: Session, rules: Callable[[Jws], None]) -> _Proven:
    issuer = jws.payload.get("iss")
    claimed = Presentation(jws.payload).holder or (issuer if isinstance(issuer, str) else None)
    checked = check_token(jws, claimed, session, rules=rules)
    conditions = check_token_conditions(jws, session)
    checks = (*checked.checks, *conditions, *check_asked(session))
    if checked.method is None:
        return _Proven(checks=checks, document=jws.payload)
    checks = (*checks, check_presenter(claimed, [checked.method]))
    holder = _proven_holder(checks, checked.method.did)
    return _Proven(checks=checks, document=jws.payload, holder=holder)


def _proven_holder(checks: Collection[Check], holder: str | None) -> str | None:
    """Return the holder when everything about the signature held, for this purpose and occasion."""
    report = VerificationReport(tuple(checks))
    return holder if report.verified({*PROOF_CHECKS, CheckName.BINDING, CheckName.TIME}) else None


def _verify_credentials(proven: _Proven, session: Session) -> tuple[PresentedCredential, ...]:
    policy = replace(session.policy, purpose=ASSERTION, domain=None, challenge=None)
    presentation = Presentation(proven.document)
    entries = [] if presentation.is_too_large else presentation.credentials[:MAX_CREDENTIALS]
    return tuple(
        _verify_credential(entry, proven, session.under(policy))
        for entry in entries
        if isinstance(entry, dict)
    )


def _verify_credential(entry: JsonObject, proven: _Proven, session: Session) -> PresentedCredential:
    verification = verify_recognised(recognise_document(entry), session)
    document = verification.document
    if document is None or verification.form is Form.UNKNOWN:
        return PresentedCredential(verification=verification)
    if verification.form is Form.UNSECURED and proven.holder is not None:
        verification = _self_asserted(verification, proven.holder)
    holder = check_holder(Credential(document), proven.holder, session)
    return PresentedCredential(
        verification=replace(verification, report=verification.report.with_checks(holder))
    )


def _self_asserted(verification: Verification, holder: str) -> Verification:
    """Return the report on a credential without a proof whose issuer signed the presentation.

    The signature of the presentation covers it, so it is the holder's own word and no less proven.
    """
    if verification.issuer != holder:
        return verification
    message = "The credential is the holder's own, under the signature of the presentation."
    proof = passed(CheckName.PROOF, "self-asserted", message, _MODEL_SOURCE)
    checks = tuple(
        proof if check.name == CheckName.PROOF else check for check in verification.report.checks
    )
    return replace(verification, report=VerificationReport(checks))


def _unreadable(recognised: RecognisedPresentation) -> PresentationVerification:
    check = check_unread(
        recognised.seems_to_be,
        recognised.refusal,
        remedy="Ask the holder to present the credentials in a form that is read here.",
    )
    return PresentationVerification(
        report=VerificationReport((check,)),
        form=PresentationForm.UNKNOWN,
        document=recognised.document,
        seems_to_be=recognised.seems_to_be,
    )
