"""Whether the document is as its issuer signed it: Data Integrity proofs and `vc+jwt`.

Departs from eddsa-jcs-2022 by refusing more: a context that was appended after signing is accepted
only when its content is known here (section 3.3.2 accepts any).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from skillpassport.errors import SkillPassportError
from skillpassport.vc.checks.binding import FoundMethod, check_binding, find_method
from skillpassport.vc.checks.contexts import check_vouched_for
from skillpassport.vc.checks.remembered import Prove, prove
from skillpassport.vc.checks.session import Session, not_applicable, of_error, passed
from skillpassport.vc.checks.signature import holds, no_key
from skillpassport.vc.checks.tokens import check_token
from skillpassport.vc.contexts import ContextError, is_known
from skillpassport.vc.data_integrity import (
    CryptosuiteUnknown,
    ProofMissing,
    check_chain,
    check_shape,
    split_proofs,
    suite_of,
)
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.jose import Jws, check_vc_jwt
from skillpassport.vc.json_ld_refusals import JsonLdTooLarge
from skillpassport.vc.model import Credential
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject, one_or_many
from skillpassport.vc.suites.protocol import ProofError, ProofInvalid, ProofMalformed
from skillpassport.vc.suites.rdfc_suite import RdfcSuite

_PROOF_SOURCE = "Data Integrity 1.0, section 4.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """What the securing of a document showed.

    document: what was signed; as presented when no proof holds
    method_id: of the proof that is the issuer's, else of the first
    methods: of all proofs, as far as they were found
    """

    checks: tuple[Check, ...]
    document: JsonObject
    method_id: str | None = None
    methods: tuple[FoundMethod, ...] = ()


def check_unsecured(document: JsonObject) -> Secured:
    """Return that a document without any proof proves nothing."""
    return Secured(
        checks=(of_error(CheckName.PROOF, ProofMissing(), _PROOF_SOURCE),), document=document
    )


def check_data_integrity(document: JsonObject, session: Session, proving: Prove = prove) -> Secured:
    """Return the checks of every proof of a credential, and the document that they vouch for.

    proving: checks a signature, or remembers that it held
    Source: Data Integrity 1.0, sections 4.5 and 4.6
    """
    secured = check_proofs(document, session, proving)
    issuer = Credential(document).issuer
    if not secured.methods:
        return secured
    binding = check_binding(issuer, secured.methods)
    return replace(
        secured,
        checks=(*secured.checks, binding),
        method_id=_method_id(issuer, secured.methods),
    )


def check_proofs(document: JsonObject, session: Session, proving: Prove = prove) -> Secured:
    """Return the checks of every proof of a document, whoever's they are."""
    try:
        unsecured, proofs = split_proofs(document)
        session.count_proofs(len(proofs))
        check_chain(unsecured, proofs)
    except ProofMalformed as error:
        return Secured(checks=(of_error(CheckName.PROOF, error, _PROOF_SOURCE),), document=document)
    results = [_check_proof(document, proof, session, proving) for proof in proofs]
    verified = [result.document for result in results if result.document is not None]
    return Secured(
        checks=tuple(check for result in results for check in result.checks),
        document=min(verified, key=_number_of_contexts, default=unsecured),
        methods=tuple(result.method for result in results if result.method),
    )


def check_jws(jws: Jws, session: Session) -> Secured:
    """Return the checks of a credential secured as a token.

    Source: VC-JOSE-COSE, sections 3.1 and 5.1
    """
    issuer = Credential(jws.payload).issuer
    checked = check_token(jws, issuer, session, rules=check_vc_jwt)
    if checked.method is None:
        return Secured(checks=checked.checks, document=jws.payload)
    return Secured(
        checks=(*checked.checks, check_binding(issuer, [checked.method])),
        document=jws.payload,
        method_id=checked.method.id,
        methods=(checked.method,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ProofResult:
    checks: tuple[Check, ...]
    method: FoundMethod | None = None
    document: JsonObject | None = None


def _check_proof(
    document: JsonObject, proof: JsonObject, session: Session, proving: Prove
) -> _ProofResult:
    try:
        suite = suite_of(proof, session.policy.allowed_suites)
        check_shape(proof)
    except CryptosuiteUnknown as error:
        return _ProofResult(checks=(of_error(CheckName.ALGORITHM, error, _PROOF_SOURCE),))
    except ProofMalformed as error:
        return _ProofResult(checks=(of_error(CheckName.PROOF, error, _PROOF_SOURCE),))
    message = f"The cryptosuite {suite.cryptosuite} is accepted here."
    algorithm = passed(CheckName.ALGORITHM, "cryptosuite-accepted", message)
    method = find_method(str(proof["verificationMethod"]), session.policy.purpose, session)
    conditions = tuple(_condition_checks(proof, session))
    if method.key is None:
        return _ProofResult(checks=(algorithm, method.check, no_key(), *conditions), method=method)
    try:
        verified = proving(document, proof, suite, method.key)
    except (ProofError, NotCanonicalizable, ContextError) as error:
        failed = of_error(CheckName.PROOF, error, _PROOF_SOURCE, outcome=_outcome_of(error))
        return _ProofResult(checks=(algorithm, method.check, failed, *conditions), method=method)
    if isinstance(suite, RdfcSuite):
        doubt = check_vouched_for(verified, session.policy.contexts_folder)
    else:
        doubt = _context_check(document, verified, session)
    proof_check = doubt or holds(_PROOF_SOURCE)
    return _ProofResult(
        checks=(algorithm, method.check, proof_check, *conditions), method=method, document=verified
    )


def _outcome_of(error: SkillPassportError) -> Outcome:
    """Return that a proof could not be checked where that says nothing about the document."""
    from skillpassport.vc.rdfc import DatasetTooComplex  # noqa: PLC0415 - loaded by then, or never

    could_not = (ContextError, DatasetTooComplex, JsonLdTooLarge)
    return Outcome.UNCHECKED if isinstance(error, could_not) else Outcome.FAILED


def _condition_checks(proof: JsonObject, session: Session) -> Iterator[Check]:
    """Yield what a proof says about its own use and does not keep (section 4.5, steps 6 to 12)."""
    policy = session.policy
    if proof["proofPurpose"] != policy.purpose:
        yield unmet("proof-purpose-mismatch", f"made for '{policy.purpose}'", "purpose")
    expires = parse_instant(proof.get("expires"))
    if expires is not None and expires <= session.now:
        yield unmet("proof-expired", "in force", "period")
    if policy.domain is not None and policy.domain not in one_or_many(proof.get("domain")):
        yield unmet("proof-domain-mismatch", "bound to the domain that was asked for", "domain")
    if policy.challenge is not None and proof.get("challenge") != policy.challenge:
        yield unmet("proof-challenge-mismatch", "bound to the challenge", "challenge")


def unmet(code: str, expected: str, found: str, source: str = _PROOF_SOURCE) -> Check:
    """Return that a proof was not made for the use that is made of it."""
    return Check(
        CheckName.PROOF,
        Outcome.FAILED,
        code,
        f"Expected a proof {expected}; found one with another {found}.",
        remedy="Ask the issuer for a newly signed document.",
        source=source,
    )


def _context_check(document: JsonObject, verified: JsonObject, session: Session) -> Check | None:
    """Return the check of contexts that were appended after signing; None when there are none.

    eddsa-jcs-2022 lets contexts be appended (section 3.3.2, step 4.1). One whose content nobody here
    knows, or that is written into the document, could give signed members another meaning, so that
    two claims trade places for whoever reads the presented document; such a one is refused.
    """
    presented = one_or_many(document.get("@context"))
    appended = presented[len(one_or_many(verified.get("@context"))) :]
    if not appended:
        return None
    folder = session.policy.contexts_folder
    if all(isinstance(url, str) and is_known(url, folder=folder) for url in appended):
        return Check(
            CheckName.PROOF,
            Outcome.WARNED,
            "context-appended",
            "The signature holds; contexts were appended after signing and are left out.",
            source="vc-di-eddsa 1.0, section 3.3.2",
        )
    return of_error(
        CheckName.PROOF,
        ProofInvalid("a context that was added after signing and could change its meaning"),
        "vc-di-eddsa 1.0, section 3.3.2",
    )


def _number_of_contexts(document: JsonObject) -> int:
    return len(one_or_many(document.get("@context")))


def _method_id(issuer: str | None, methods: Sequence[FoundMethod]) -> str | None:
    own = [method.id for method in methods if method.did == issuer]
    return next(iter(own + [method.id for method in methods]), None)


NO_DISCLOSURE = not_applicable(
    CheckName.DISCLOSURE, "no-disclosure", "The document is not selectively disclosed."
)
