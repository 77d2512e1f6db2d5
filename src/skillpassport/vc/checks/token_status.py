"""Whether a token is suspended or revoked, by a Token Status List. No answer is never "in force".

A list counts when whoever issued the token signed it: found by `find_issuer_key`, in the same three
ways as the key of the token itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from skillpassport.vc.bitstring_status import REVOCATION, SUSPENSION
from skillpassport.vc.checks.issuer_key import find_issuer_key
from skillpassport.vc.checks.session import Session, not_applicable, of_error, passed
from skillpassport.vc.checks.status import WHEN_SET, StatusListUnproven, unreadable_entry
from skillpassport.vc.checks.tokens import check_jws_algorithm
from skillpassport.vc.jose import JoseError, Jws, parse_jws, verify_jws
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.status_refusals import (
    StatusListError,
    StatusListMalformed,
    StatusListMismatch,
    StatusListStale,
    StatusListUnreachable,
)
from skillpassport.vc.strict_json import JsonObject, StrictJsonError
from skillpassport.vc.token_status import (
    INVALID,
    STATUS,
    SUSPENDED,
    VALID,
    StatusListToken,
    StatusReference,
    check_status_list_header,
    read_status_list_cwt,
    read_status_list_token,
)

_SOURCE = "Token Status List, section 8.3"
_PURPOSES: Mapping[int, str] = MappingProxyType({INVALID: REVOCATION, SUSPENDED: SUSPENSION})
_COSE_SIGN1 = b"\xd2"
"""The tag that every list in CBOR begins with; no compact JWS does."""


def check_status_claim(claims: JsonObject, issuer: str | None, session: Session) -> Check:
    """Return whether a token is in force, by the `status` among its claims.

    issuer: of the token, as the check of its own key named it
    Source: Token Status List, section 8.3
    """
    if session.policy.unsafe_skip_status:
        message = "The status was not asked for, as the caller wished."
        return not_applicable(CheckName.STATUS, "status-skipped", message)
    if STATUS not in claims:
        message = "The issuer publishes no status for this credential."
        return not_applicable(CheckName.STATUS, "no-status", message)
    try:
        reference = StatusReference.from_claim(claims[STATUS])
        if reference is None:
            return unreadable_entry("publishes its status in a form that is not read here")
        return _check_reference(reference, issuer, session)
    except (StatusListUnreachable, StatusListStale) as error:
        return of_error(CheckName.STATUS, error, _SOURCE, outcome=Outcome.UNCHECKED)
    except StatusListError as error:
        return of_error(CheckName.STATUS, error, _SOURCE)


def _check_reference(reference: StatusReference, issuer: str | None, session: Session) -> Check:
    token = prove_status_list(session.resolvers.status_list(reference.uri), issuer, session)
    token.check_answers(reference, now=session.now, leeway=session.policy.clock_skew)
    value = token.statuses.status(reference.index)
    if value == VALID:
        message = "The issuer's list says that the credential is in force."
        return passed(CheckName.STATUS, "status-clear", message, _SOURCE)
    if value in _PURPOSES:
        return replace(WHEN_SET[_PURPOSES[value]], source=_SOURCE)
    return Check(
        CheckName.STATUS,
        Outcome.UNCHECKED,
        "status-purpose-unknown",
        f"The issuer has set the status {value}, whose meaning is the issuer's own.",
        remedy="Ask the issuer what it means for this credential.",
        source=_SOURCE,
    )


def prove_status_list(
    published: bytes | str, issuer: str | None, session: Session
) -> StatusListToken:
    """Return a published list whose signature holds, by the key of this issuer.

    Raises: StatusListMalformed, StatusListMismatch (issuer), StatusListUnproven,
    StatusListUnreachable (the key could not be had)
    """
    jws = _read(published)
    token = read_status_list_token(jws.payload)
    if issuer is None or token.issuer not in {None, issuer}:
        raise StatusListMismatch("issuer")
    _prove(jws, issuer, session)
    return token


def _read(published: bytes | str) -> Jws:
    """Return a list's token, whichever of its two formats it came in.

    Raises: StatusListMalformed
    """
    if isinstance(published, bytes) and published.startswith(_COSE_SIGN1):
        return read_status_list_cwt(published)
    try:
        text = published if isinstance(published, str) else published.decode("ascii")
        return parse_jws(text.strip())
    except (UnicodeDecodeError, JoseError, StrictJsonError) as error:
        raise StatusListMalformed("a signed token") from error


def _prove(jws: Jws, issuer: str, session: Session) -> None:
    """Refuse a list that the issuer of the token did not sign.

    Raises: StatusListUnproven, StatusListUnreachable (the key could not be had)
    Source: Token Status List, section 11.3, "the same entity as the Status Issuer"
    """
    try:
        check_status_list_header(jws)
    except JoseError as error:
        raise StatusListUnproven from error
    # A token without `iss` is by whom its certificate names; so must the list be.
    is_named = issuer.startswith(("did:", "https://"))
    found = find_issuer_key(jws, issuer if is_named else None, session)
    algorithm = check_jws_algorithm(jws, session, _SOURCE)
    outcomes = {check.outcome for check in (*found.checks, algorithm)}
    if Outcome.FAILED in outcomes or found.issuer != issuer:
        raise StatusListUnproven
    if Outcome.UNCHECKED in outcomes:
        raise StatusListUnreachable("a list whose signing key is out of reach")
    if found.key is None or not verify_jws(jws, found.key):
        raise StatusListUnproven
