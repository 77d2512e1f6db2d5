"""Whose key signed an SD-JWT, found in one of the three ways that are read here.

By certificates (`x5c`) under the caller's trust anchors, by DID, or by what the issuer publishes at
`/.well-known/jwt-vc-issuer`. The header says where to look; what counts is what the issuer published
there, or an authority that the caller trusts.
"""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from skillpassport.errors import SkillPassportError
from skillpassport.vc.certificates import (
    CertificateError,
    CertifiedKey,
    TrustAnchorUnknown,
    certified_key,
    check_chain,
    read_chain,
)
from skillpassport.vc.checks.binding import check_binding, find_method
from skillpassport.vc.checks.session import Session, of_error, passed
from skillpassport.vc.did import DidInvalid, own_verification_method
from skillpassport.vc.jose import JoseError, Jws, key_id
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.sdjwt.issuer_metadata import (
    IssuerMetadataRefused,
    metadata_url,
    published_key,
)
from skillpassport.vc.strict_json import JsonValue
from skillpassport.vc.web_documents import WebDocumentUnreachable, fetch

_SOURCE = "SD-JWT VC, section 3.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerKey:
    """What was found about the issuer of a token.

    issuer: as the token names it; for certificates without `iss`, the subject of the signer's own
    key: to check the signature with, also when a check failed: the reader then hears both
    """

    checks: tuple[Check, ...]
    issuer: str | None
    key: PublicKey | None = None
    method_id: str | None = None


def find_issuer_key(jws: Jws, issuer: JsonValue, session: Session) -> IssuerKey:
    """Return the key of whoever issued a token, with the checks whether it is theirs.

    issuer: the `iss` claim, or the issuer of a W3C credential
    """
    named = issuer if isinstance(issuer, str) else None
    # Who holds a DID is said by its document alone: no authority may vouch for another's key there.
    if named is not None and named.startswith("did:"):
        return _by_did(jws, named, session)
    if "x5c" in jws.header:
        return _by_certificates(jws, named, session)
    if named is not None and named.startswith("https://"):
        return _by_metadata(jws, named, session)
    return _by_did(jws, named, session)


def _by_did(jws: Jws, issuer: str | None, session: Session) -> IssuerKey:
    try:
        method_id = _method_id(jws, issuer)
    except JoseError as error:
        return IssuerKey(checks=(of_error(CheckName.METHOD, error, _SOURCE),), issuer=issuer)
    found = find_method(method_id, session.policy.purpose, session)
    return IssuerKey(
        checks=(found.check, check_binding(issuer, [found])),
        issuer=issuer,
        key=found.key,
        method_id=found.id,
    )


def _method_id(jws: Jws, issuer: str | None) -> str:
    """Return the method that `kid` names; the DIDs that are a key have only one."""
    if "kid" not in jws.header and issuer is not None:
        try:
            return own_verification_method(issuer)
        except DidInvalid:
            pass
    return key_id(jws, issuer)


def _by_metadata(jws: Jws, issuer: str, session: Session) -> IssuerKey:
    kid = jws.header.get("kid")
    name = kid if isinstance(kid, str) else None
    try:
        key = published_key(issuer, name, partial(fetch, session.resolvers))
    except WebDocumentUnreachable as error:
        check = of_error(CheckName.METHOD, error, _SOURCE, outcome=Outcome.UNCHECKED)
        return IssuerKey(checks=(check,), issuer=issuer)
    except IssuerMetadataRefused as error:
        return IssuerKey(checks=(of_error(CheckName.METHOD, error, _SOURCE),), issuer=issuer)
    message = "The issuer publishes the key at its own address."
    return IssuerKey(
        checks=(passed(CheckName.METHOD, "issuer-key-published", message, _SOURCE), _is_theirs()),
        issuer=issuer,
        key=key,
        method_id=f"{metadata_url(issuer)}#{name}" if name else metadata_url(issuer),
    )


def _by_certificates(jws: Jws, issuer: str | None, session: Session) -> IssuerKey:
    try:
        chain = read_chain(jws.header["x5c"])
        certified = certified_key(chain[0])
    except CertificateError as error:
        return IssuerKey(checks=(of_error(CheckName.METHOD, error, _SOURCE),), issuer=issuer)
    binding = _check_names(issuer, certified)
    try:
        check_chain(chain, session.policy.trust_anchors, now=session.now)
    except CertificateError as error:
        outcome = _outcome_of(error)
        check = of_error(CheckName.METHOD, error, _SOURCE, outcome=outcome)
        if binding.outcome is Outcome.PASSED:
            # Anyone can write any name into a certificate of their own making.
            binding = of_error(CheckName.BINDING, error, _SOURCE, outcome=outcome)
    else:
        message = "An authority that is trusted here vouches for the key."
        check = passed(CheckName.METHOD, "issuer-key-certified", message, _SOURCE)
    return IssuerKey(
        checks=(check, binding),
        issuer=issuer or certified.subject,
        key=certified.public_key,
        method_id=certified.subject,
    )


def _outcome_of(error: SkillPassportError) -> Outcome:
    """Return that an unknown authority is a doubt, and every other fault a failure."""
    return Outcome.UNCHECKED if isinstance(error, TrustAnchorUnknown) else Outcome.FAILED


def _check_names(issuer: str | None, certified: CertifiedKey) -> Check:
    """Return whether the certificate is the issuer's: its own address or host name stands in it."""
    if issuer is None or issuer in certified.uris or _host(issuer) in certified.dns_names:
        return _is_theirs()
    return Check(
        CheckName.BINDING,
        Outcome.FAILED,
        "issuer-key-mismatch",
        "The document names one issuer, but the certificate of another signed it.",
        remedy="Do not rely on the document; ask the named issuer whether it is theirs.",
        source=_SOURCE,
    )


def _host(issuer: str) -> str | None:
    try:
        parts = urlsplit(issuer)
        return parts.hostname if parts.scheme == "https" else None
    except ValueError:
        return None


def _is_theirs() -> Check:
    message = "The key that signed stands under the issuer's own identifier."
    return passed(CheckName.BINDING, "issuer-key-matches", message, _SOURCE)
