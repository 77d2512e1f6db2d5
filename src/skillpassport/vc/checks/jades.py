"""Whether a sealed document is as it was sealed, and who vouches for the seal's owner.

A seal is made with a certificate that travels with it. That the signature holds shows that nothing was
changed since; whose certificate it is, is said by an authority, which the caller has to trust.

Departs from JAdES: time stamps and revocation of certificates are not checked, so that a seal whose
certificate has ended since stays open.
"""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from skillpassport.vc.certificates import (
    CertificateError,
    CertificateRefused,
    TrustAnchorUnknown,
    certified_key,
    check_chain,
    organisation_identifier,
    read_chain,
)
from skillpassport.vc.checks.securing import Secured
from skillpassport.vc.checks.session import Session, of_error, passed
from skillpassport.vc.checks.signature import does_not_match, holds
from skillpassport.vc.checks.tokens import check_jws_algorithm
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.jose import Jws, verify_jws
from skillpassport.vc.jose.jades import CERTIFICATES, SIGNING_TIME
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.x509 import Certificate

_SOURCE: Final = "ETSI TS 119 182-1, section 5"


class SealCertificateEnded(CertificateError):
    """The certificate was in force when the seal says that it was made, and is no more."""

    code = "seal-certificate-ended"

    def __init__(self) -> None:
        super().__init__(
            "Expected a certificate in force; found one that has ended since, and the time stamp "
            "of the seal is not read here. Ask the issuer whether the document is theirs."
        )


class SealOwnerUnknown(CertificateError):
    """The document does not say by which identifier its issuer is found in the certificate."""

    code = "seal-owner-unknown"

    def __init__(self) -> None:
        super().__init__(
            "Expected an issuer with the identifier that stands in the seal's certificate; found "
            "one without. Compare the names, or ask the named issuer whether it is theirs."
        )


def check_jades(jws: Jws, session: Session) -> Secured:
    """Return the checks of a seal: rules, algorithm, certificates, owner and signature."""
    algorithm = check_jws_algorithm(jws, session, _SOURCE)
    try:
        chain = read_chain(jws.header.get(CERTIFICATES))
        certified = certified_key(chain[0])
        _check_digest(jws, chain[0])
    except CertificateError as error:
        checks = (algorithm, of_error(CheckName.METHOD, error, _SOURCE))
        return Secured(checks=checks, document=jws.payload)
    message = "The seal follows the rules."
    rules = passed(CheckName.PARSING, "token-well-formed", message, _SOURCE)
    trust = _check_trust(jws, chain, session)
    found = [rules, algorithm, trust, _check_owner(jws.payload, chain[0], trust)]
    if algorithm.outcome is Outcome.PASSED:
        is_theirs = verify_jws(jws, certified.public_key)
        found.append(holds(_SOURCE) if is_theirs else does_not_match(_SOURCE))
    return Secured(checks=tuple(found), document=jws.payload, method_id=certified.subject)


def _check_digest(jws: Jws, certificate: "Certificate") -> None:
    """Refuse a header that names another certificate than the first one (RFC 7515, 4.1.8)."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    named = jws.header.get("x5t#S256")
    digest = sha256(certificate.public_bytes(Encoding.DER)).digest()
    if named is not None and named != encode_base64url(digest):
        raise CertificateRefused("the certificate that the header names", "another")


def _check_trust(jws: Jws, chain: "Sequence[Certificate]", session: Session) -> Check:
    """Return whether an authority that the caller trusts vouches for the seal's key."""
    name, anchors = CheckName.METHOD, session.policy.trust_anchors
    try:
        check_chain(chain, anchors, now=session.now)
    except TrustAnchorUnknown as error:
        return of_error(name, error, _SOURCE, outcome=Outcome.UNCHECKED)
    except CertificateRefused as error:
        sealed = parse_instant(jws.header.get(SIGNING_TIME))
        if sealed is None or sealed > session.now or not _held(chain, anchors, sealed):
            return of_error(name, error, _SOURCE)
        return of_error(name, SealCertificateEnded(), _SOURCE, outcome=Outcome.UNCHECKED)
    message = "An authority that is trusted here vouches for the key."
    return passed(name, "issuer-key-certified", message, _SOURCE)


def _held(chain: "Sequence[Certificate]", anchors: "Sequence[bytes]", then: datetime) -> bool:
    try:
        check_chain(chain, anchors, now=then)
    except CertificateError:
        return False
    return True


def _check_owner(document: JsonObject, certificate: "Certificate", trust: Check) -> Check:
    """Return whether the certificate is the issuer's, by the identifier that both must have.

    Source: European Learning Model 3, Agent: eIDASIdentifier; ETSI EN 319 412-3, section 4.2.1
    """
    issuer = document.get("issuer")
    eidas = issuer.get("eIDASIdentifier") if isinstance(issuer, dict) else None
    stated = eidas.get("notation") if isinstance(eidas, dict) else None
    if not isinstance(stated, str):
        unknown = SealOwnerUnknown()
        return of_error(CheckName.BINDING, unknown, _SOURCE, outcome=Outcome.UNCHECKED)
    if stated != organisation_identifier(certificate):
        return Check(
            CheckName.BINDING,
            Outcome.FAILED,
            "issuer-key-mismatch",
            "The document names one issuer, but the certificate of another sealed it.",
            remedy="Do not rely on the document; ask the named issuer whether it is theirs.",
            source=_SOURCE,
        )
    if trust.outcome is not Outcome.PASSED:
        # Anyone can write any name into a certificate of their own making.
        error = TrustAnchorUnknown()
        return of_error(CheckName.BINDING, error, _SOURCE, outcome=Outcome.UNCHECKED)
    message = "The key that signed stands under the issuer's own identifier."
    return passed(CheckName.BINDING, "issuer-key-matches", message, _SOURCE)
