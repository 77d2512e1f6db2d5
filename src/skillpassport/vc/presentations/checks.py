"""Who presents, whether it was asked for, and whose the presented credentials are."""

from collections.abc import Iterator, Sequence

from skillpassport.vc.checks.binding import FoundMethod
from skillpassport.vc.checks.securing import unmet
from skillpassport.vc.checks.session import Session, not_applicable, of_error, passed
from skillpassport.vc.jose import Jws, JwtClaimRefused, numeric_date
from skillpassport.vc.jose.presentation import audiences
from skillpassport.vc.model import Credential
from skillpassport.vc.report import Check, CheckName, Outcome

_MODEL_SOURCE = "VC Data Model 2.0, section 4.13"
_JOSE_SOURCE = "VC-JOSE-COSE, section 3.1.2"
_SD_JWT_SOURCE = "RFC 9901, section 7.3"
_ASK_AGAIN = "Ask the holder to present the credentials again."


def check_presenter(claimed: str | None, methods: Sequence[FoundMethod]) -> Check:
    """Return whether those who signed are the one holder that the presentation names.

    claimed: `holder`, or `iss` of a token; None when the presentation names nobody
    """
    signers = {method.did for method in methods}
    if claimed is None and len(signers) == 1:
        message = "The presentation names no holder; whoever holds the key presents."
        return passed(CheckName.BINDING, "holder-key-matches", message, _MODEL_SOURCE)
    if claimed is not None and claimed in signers:
        message = "The key that signed stands under the holder's own identifier."
        return passed(CheckName.BINDING, "holder-key-matches", message, _MODEL_SOURCE)
    return Check(
        CheckName.BINDING,
        Outcome.FAILED,
        "holder-key-mismatch",
        "The presentation names one holder, but the key of another signed it.",
        remedy="Do not rely on who presents; ask the named holder.",
        source=_MODEL_SOURCE,
    )


def check_unsigned(session: Session) -> Iterator[Check]:
    """Yield that nobody is proven to present; a failure where the caller asked for a proof."""
    policy = session.policy
    if policy.challenge is None and policy.domain is None:
        message = "The presentation is not signed; each credential stands for itself."
        yield not_applicable(CheckName.PROOF, "presentation-unsigned", message)
        return
    yield Check(
        CheckName.PROOF,
        Outcome.FAILED,
        "presentation-unproven",
        "Expected a presentation signed for this occasion; found one without a signature.",
        remedy=_ASK_AGAIN,
        source=_MODEL_SOURCE,
    )


def check_asked(session: Session) -> Iterator[Check]:
    """Yield that a signed presentation may be an old one, where the verifier gave no challenge."""
    if session.policy.challenge is None:
        yield Check(
            CheckName.PROOF,
            Outcome.WARNED,
            "presentation-unasked",
            "The holder signed it, but nobody here asked for it; it may be a copy of an earlier one.",
            remedy="Give the holder a challenge and ask for the presentation again.",
            source=_MODEL_SOURCE,
        )


def check_token_conditions(jws: Jws, session: Session) -> Iterator[Check]:
    """Yield what a `vp+jwt` says about its own use and does not keep.

    Source: RFC 7519, sections 4.1.3 to 4.1.6; RFC 8725, sections 3.8 and 3.9
    """
    policy = session.policy
    try:
        if policy.domain is not None and policy.domain not in audiences(jws.payload):
            yield unmet("proof-domain-mismatch", "made for this verifier", "audience", _JOSE_SOURCE)
        if policy.challenge is not None and jws.payload.get("nonce") != policy.challenge:
            yield unmet("proof-challenge-mismatch", "bound to the nonce", "nonce", _JOSE_SOURCE)
        yield _check_period(jws, session)
    except JwtClaimRefused as error:
        yield of_error(CheckName.TIME, error, _JOSE_SOURCE)


def check_holder(credential: Credential, presenter: str | None, session: Session) -> Check:
    """Return whether a presented credential is about whoever presented it.

    Anyone can put another's credential into a presentation of their own; a valid signature of the
    presenter and a valid credential do not make it theirs.

    presenter: who is proven to have signed the presentation
    """
    name = CheckName.HOLDER
    subjects = [subject.get("id") for subject in credential.subjects]
    if presenter is not None and subjects and all(entry == presenter for entry in subjects):
        message = "The credential is about whoever presented it."
        return passed(name, "holder-is-subject", message, _MODEL_SOURCE)
    must = session.policy.holder_must_be_subject
    outcome = Outcome.FAILED if must else Outcome.WARNED
    if presenter is None:
        return _unproven(session, _MODEL_SOURCE)
    if all(entry is None for entry in subjects):
        return Check(
            name,
            outcome,
            "holder-not-named",
            "The credential names no identifier of its subject to compare the presenter with.",
            remedy="Compare the bearer with the credential.",
            source=_MODEL_SOURCE,
        )
    return Check(
        name,
        outcome,
        "holder-is-another",
        "The credential is about somebody else than whoever presented it.",
        remedy="Do not take it for the presenter's own; ask why they present it.",
        source=_MODEL_SOURCE,
    )


def check_bound_holder(binding: Check, session: Session) -> Check:
    """Return whether an SD-JWT is about whoever presents it, which its key binding alone proves.

    binding: whether the holder signed for showing it
    """
    if binding.outcome is Outcome.PASSED:
        message = "The credential is about whoever presented it."
        return passed(CheckName.HOLDER, "holder-is-subject", message, _SD_JWT_SOURCE)
    return _unproven(session, _SD_JWT_SOURCE)


def _unproven(session: Session, source: str) -> Check:
    return Check(
        CheckName.HOLDER,
        Outcome.FAILED if session.policy.holder_must_be_subject else Outcome.WARNED,
        "holder-unproven",
        "It is not proven who presents the credential.",
        remedy="Compare the bearer with the credential, or ask for a signed presentation.",
        source=source,
    )


def _check_period(jws: Jws, session: Session) -> Check:
    now, skew = session.now, session.policy.clock_skew
    expires = numeric_date(jws.payload, "exp")
    starts = [numeric_date(jws.payload, claim) for claim in ("nbf", "iat")]
    name = CheckName.TIME
    if expires is not None and expires + skew <= now:
        return _outside("presentation-expired", "The presentation has expired.")
    if any(start is not None and now + skew < start for start in starts):
        return _outside("presentation-not-yet-valid", "The presentation is dated in the future.")
    return passed(name, "presentation-in-force", "The presentation is in force.", _JOSE_SOURCE)


def _outside(code: str, message: str) -> Check:
    return Check(
        CheckName.TIME, Outcome.FAILED, code, message, remedy=_ASK_AGAIN, source=_JOSE_SOURCE
    )
