"""The one place where it is decided whose key made a proof and whether it may speak for the issuer.

A valid signature alone says nothing: anyone can sign anything with a key of their own. It counts
when the issuer's own document lists the key, under the issuer's control, for this purpose, and the
key has not ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from skillpassport.vc.checks.elsewhere import IssuerKeyElsewhere, is_elsewhere, key_in_fragment
from skillpassport.vc.checks.session import Session, of_error, passed
from skillpassport.vc.controllers import (
    MethodEnded,
    MethodError,
    MethodNotAuthorised,
    MethodNotFound,
    VerificationMethod,
    find_verification_method,
    resolve_verification_method,
)
from skillpassport.vc.did import (
    DidInvalid,
    DidMethodUnknown,
    DidUnresolvable,
    parse_did_url,
    resolve_did,
)
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.report import Check, CheckName, Outcome

_METHOD_SOURCE = "Controlled Identifiers 1.0, section 3.3"
_BINDING_SOURCE = "VC Data Model 2.0, section 4.13"


@dataclass(frozen=True, slots=True)
class FoundMethod:
    """The verification method of one proof, as far as it was found.

    key: to check the signature with, also when the method itself failed: the reader then hears both
    """

    id: str
    check: Check
    key: PublicKey | None = None

    @property
    def did(self) -> str | None:
        """The DID under which the method stands."""
        try:
            return parse_did_url(self.id).did
        except DidInvalid:
            return None


def find_method(method_id: str, purpose: str, session: Session) -> FoundMethod:
    """Return the key that a proof names, with the check whether it may be used for the purpose."""
    name = CheckName.METHOD
    if is_elsewhere(method_id):
        error = IssuerKeyElsewhere()
        check = of_error(name, error, _METHOD_SOURCE, outcome=Outcome.UNCHECKED)
        return FoundMethod(method_id, check, key_in_fragment(method_id))
    try:
        method = _resolve(method_id, purpose, session)
    except (DidUnresolvable, DidMethodUnknown) as error:
        check = of_error(name, error, _METHOD_SOURCE, outcome=Outcome.UNCHECKED)
        return FoundMethod(method_id, check)
    except (MethodEnded, MethodNotAuthorised) as error:
        check = of_error(name, error, _METHOD_SOURCE)
        return FoundMethod(method_id, check, _key_of_refused(method_id, session))
    except (DidInvalid, MethodError) as error:
        return FoundMethod(method_id, of_error(name, error, _METHOD_SOURCE))
    message = "The key is in force and published for this purpose."
    check = passed(name, "verification-method-found", message, _METHOD_SOURCE)
    return FoundMethod(method_id, check, method.public_key)


def check_binding(issuer: str | None, methods: Sequence[FoundMethod]) -> Check:
    """Return whether the issuer's own key is among those that signed.

    In a proof set others may have signed beside the issuer; every proof must hold, and one of them
    must be the issuer's.
    """
    if issuer is not None and any(method.did == issuer for method in methods):
        message = "The key that signed stands under the issuer's own identifier."
        return passed(CheckName.BINDING, "issuer-key-matches", message, _BINDING_SOURCE)
    if is_elsewhere(issuer) and any(_address_of(method) == issuer for method in methods):
        error = IssuerKeyElsewhere()
        return of_error(CheckName.BINDING, error, _BINDING_SOURCE, outcome=Outcome.UNCHECKED)
    return Check(
        CheckName.BINDING,
        Outcome.FAILED,
        "issuer-key-mismatch",
        "The document names one issuer, but the key of another signed it.",
        remedy="Do not rely on the document; ask the named issuer whether it is theirs.",
        source=_BINDING_SOURCE,
    )


def _address_of(method: FoundMethod) -> str | None:
    """Return the address under which a method on the web stands."""
    return method.id.partition("#")[0] if is_elsewhere(method.id) else None


def _resolve(method_id: str, purpose: str, session: Session) -> VerificationMethod:
    """Return the method; a document that lacks it is asked for once more.

    It may have been had a moment before a key was rotated in, for the credential's own proof, and
    the status list that is checked now be the first thing that the new key signed.
    """
    did = parse_did_url(method_id).did
    document = session.did_document(did)
    try:
        return resolve_verification_method(document, method_id, purpose, now=session.now)
    except MethodNotFound:
        newer = resolve_did(did, session.resolvers)
        if newer == document:
            raise
        session.take_newer(did, newer)
        return resolve_verification_method(newer, method_id, purpose, now=session.now)


def _key_of_refused(method_id: str, session: Session) -> PublicKey | None:
    try:
        did = parse_did_url(method_id).did
        return find_verification_method(session.did_document(did), method_id).public_key
    except (DidInvalid, MethodError):
        return None
