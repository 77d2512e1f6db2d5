"""Whether a token is as its signer made it: `vc+jwt` by an issuer, `vp+jwt` by a holder."""

from collections.abc import Callable
from dataclasses import dataclass

from skillpassport.errors import SkillPassportError
from skillpassport.vc.checks.binding import FoundMethod, find_method
from skillpassport.vc.checks.session import Session, of_error, passed
from skillpassport.vc.checks.signature import does_not_match, holds, no_key
from skillpassport.vc.jose import JoseError, Jws, check_algorithm, key_id, verify_jws
from skillpassport.vc.report import Check, CheckName, Outcome

JOSE_SOURCE = "VC-JOSE-COSE, section 3.1"


@dataclass(frozen=True, slots=True)
class CheckedToken:
    """The checks of a token, and the method that it names.

    method: None when the token names none
    """

    checks: tuple[Check, ...]
    method: FoundMethod | None = None


def check_token(
    jws: Jws,
    controller: str | None,
    session: Session,
    *,
    rules: Callable[[Jws], None],
    source: str = JOSE_SOURCE,
) -> CheckedToken:
    """Return the checks of a token's rules, algorithm, verification method and signature.

    controller: whose key a relative `kid` names
    rules: refuses what the kind of token does not allow, by raising a SkillPassportError
    Source: VC-JOSE-COSE, sections 3.1 and 5.1; RFC 7515, section 5.2
    """
    algorithm = check_jws_algorithm(jws, session, source)
    checks = [_check_rules(jws, rules, source), algorithm]
    try:
        found = find_method(key_id(jws, controller), session.policy.purpose, session)
    except JoseError as error:
        return CheckedToken((*checks, of_error(CheckName.METHOD, error, source)))
    checks.append(found.check)
    # With an algorithm that is refused nothing is computed: the sender would choose what.
    if algorithm.outcome is Outcome.PASSED:
        checks.append(_check_signature(jws, found, source))
    return CheckedToken(tuple(checks), found)


def check_jws_algorithm(jws: Jws, session: Session, source: str = JOSE_SOURCE) -> Check:
    """Return whether the caller accepts the algorithm that the header names."""
    try:
        check_algorithm(jws, session.policy.jws_algorithms)
    except JoseError as error:
        return of_error(CheckName.ALGORITHM, error, source)
    message = f"The algorithm {jws.algorithm} is accepted here."
    return passed(CheckName.ALGORITHM, "algorithm-accepted", message)


def _check_rules(jws: Jws, rules: Callable[[Jws], None], source: str) -> Check:
    try:
        rules(jws)
    except SkillPassportError as error:
        return of_error(CheckName.PARSING, error, source)
    message = "The token follows the rules."
    return passed(CheckName.PARSING, "token-well-formed", message, source)


def _check_signature(jws: Jws, found: FoundMethod, source: str) -> Check:
    if found.key is None:
        return no_key()
    return holds(source) if verify_jws(jws, found.key) else does_not_match(source)
