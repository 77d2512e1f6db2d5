"""Whether a token of the VC Data Model 1.1 is as its issuer signed it.

Follows VC Data Model 1.1, section 6.3.1, and Open Badges 3.0, section 8.2.
"""

from typing import Final

from skillpassport.vc.checks.binding import FoundMethod, check_binding, find_method
from skillpassport.vc.checks.elsewhere import IssuerKeyElsewhere, is_elsewhere, key_in_header
from skillpassport.vc.checks.securing import Secured
from skillpassport.vc.checks.session import Session, of_error, passed
from skillpassport.vc.checks.signature import does_not_match, holds, no_key
from skillpassport.vc.checks.tokens import check_jws_algorithm
from skillpassport.vc.did import DidInvalid, own_verification_method
from skillpassport.vc.jose import (
    JoseError,
    Jws,
    JwsHeaderRefused,
    check_jwt_vc,
    credential_of,
    key_id,
    verify_jws,
)
from skillpassport.vc.model import Credential
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject

_SOURCE: Final = "VC Data Model 1.1, section 6.3.1"


def check_jwt(jws: Jws, presented: JsonObject, session: Session) -> Secured:
    """Return the checks of a token, and the credential that its claims state together.

    presented: to show when the claims contradict each other
    """
    try:
        check_jwt_vc(jws)
        document = credential_of(jws.payload)
    except JoseError as error:
        check = of_error(CheckName.PARSING, error, _SOURCE)
        return Secured(checks=(check,), document=presented)
    message = "The token follows the rules."
    algorithm = check_jws_algorithm(jws, session, _SOURCE)
    checks = [passed(CheckName.PARSING, "token-well-formed", message, _SOURCE), algorithm]
    issuer = Credential(document).issuer
    try:
        found = _find_key(jws, issuer, session)
    except JoseError as error:
        checks.append(of_error(CheckName.METHOD, error, _SOURCE))
        return Secured(checks=tuple(checks), document=document)
    checks += [found.check, check_binding(issuer, [found])]
    # With an algorithm that is refused nothing is computed: the sender would choose what.
    if algorithm.outcome is Outcome.PASSED:
        checks.append(_check_signature(jws, found))
    return Secured(
        checks=tuple(checks), document=document, method_id=found.id or None, methods=(found,)
    )


def _find_key(jws: Jws, issuer: str | None, session: Session) -> FoundMethod:
    """Return the key that is the issuer's, or that the header brings for an issuer on the web.

    Raises: JwsKeyUnnamed, JwsHeaderRefused
    """
    if not is_elsewhere(issuer):
        if "jwk" in jws.header:
            raise JwsHeaderRefused("jwk")
        return find_method(_method_id(jws, issuer), session.policy.purpose, session)
    check = of_error(CheckName.METHOD, IssuerKeyElsewhere(), _SOURCE, outcome=Outcome.UNCHECKED)
    return FoundMethod(str(issuer), check, key_in_header(jws.header.get("jwk")))


def _method_id(jws: Jws, issuer: str | None) -> str:
    """Return the method that `kid` names; older wallets leave it out, or write the DID alone.

    Raises: JwsKeyUnnamed
    """
    if issuer is not None and jws.header.get("kid", issuer) == issuer:
        try:
            return own_verification_method(issuer)
        except DidInvalid:
            pass
    return key_id(jws, issuer)


def _check_signature(jws: Jws, found: FoundMethod) -> Check:
    if found.key is None:
        return no_key()
    return holds(_SOURCE) if verify_jws(jws, found.key) else does_not_match(_SOURCE)
