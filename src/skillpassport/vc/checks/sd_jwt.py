"""Whether an SD-JWT is as its issuer signed it, shows only what was signed, and by whom it is shown."""

from dataclasses import dataclass, replace
from functools import partial

from skillpassport.errors import SkillPassportError
from skillpassport.vc.checks.issuer_key import IssuerKey, find_issuer_key
from skillpassport.vc.checks.session import Session, not_applicable, of_error, passed
from skillpassport.vc.checks.signature import does_not_match, holds, no_key
from skillpassport.vc.checks.tokens import check_jws_algorithm
from skillpassport.vc.jose import Jws, verify_jws
from skillpassport.vc.model import Credential
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.sdjwt.credential import (
    VCT_INTEGRITY,
    check_sd_jwt_vc,
    check_w3c_sd_jwt,
    is_retired_type,
    is_w3c_credential,
)
from skillpassport.vc.sdjwt.disclosures import SD, SD_ALG
from skillpassport.vc.sdjwt.key_binding import BindingTerms, check_binding_jwt, holder_key
from skillpassport.vc.sdjwt.refusals import KeyBindingMissing, KeyBindingRefused, SdJwtError
from skillpassport.vc.sdjwt.revealing import Revealed
from skillpassport.vc.sdjwt.serialization import SdJwt, SdJwtKb
from skillpassport.vc.sdjwt.type_metadata import (
    TypeMetadataRefused,
    check_claims_against,
    read_type_metadata,
)
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.web_documents import WebDocumentUnreachable, fetch

_SD_JWT_SOURCE = "RFC 9901, section 7.1"
_BINDING_SOURCE = "RFC 9901, section 7.3"
_VC_SOURCE = "SD-JWT VC, section 3"
_W3C_SOURCE = "VC-JOSE-COSE, section 3.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredSdJwt:
    """What the securing of an SD-JWT showed.

    claims: the processed payload; without any disclosed claim where the disclosures do not hold
    token: the issuer-signed JWT with those claims in place of its own
    """

    checks: tuple[Check, ...]
    claims: JsonObject
    token: Jws
    issuer: str | None
    method_id: str | None = None
    revealed: Revealed | None = None


def check_sd_jwt(presented: SdJwt | SdJwtKb, session: Session) -> SecuredSdJwt:
    """Return the checks of an SD-JWT, with the claims that its issuer signed and its holder showed.

    Source: RFC 9901, sections 7.1 and 7.3; SD-JWT VC, section 3.4
    """
    sd_jwt = presented.sd_jwt if isinstance(presented, SdJwtKb) else presented
    jws = sd_jwt.jws
    is_w3c = is_w3c_credential(jws)
    revealed, disclosure = _reveal(sd_jwt)
    claims = revealed.claims if revealed else _without_digests(jws.payload)
    issuer = find_issuer_key(
        jws, Credential(claims).issuer if is_w3c else claims.get("iss"), session
    )
    algorithm = check_jws_algorithm(jws, session, _SD_JWT_SOURCE)
    checks = [
        _check_rules(jws, revealed, is_w3c=is_w3c),
        algorithm,
        *issuer.checks,
        disclosure,
        _check_key_binding(presented, session),
    ]
    if algorithm.outcome is Outcome.PASSED:
        checks.append(_check_signature(jws, issuer))
    return SecuredSdJwt(
        checks=tuple(checks),
        claims=claims,
        token=replace(jws, payload=claims),
        issuer=issuer.issuer,
        method_id=issuer.method_id,
        revealed=revealed,
    )


def check_type(revealed: Revealed | None, session: Session) -> Check:
    """Return whether the credential follows the metadata of its type, where those are to be read.

    They are fetched when the issuer pinned them by a digest or the caller asks for them: each fetch
    tells the publisher of the type that somebody verifies such a credential.

    Source: SD-JWT VC, section 6.7
    """
    name = CheckName.SCHEMA
    wanted = session.policy.check_type_metadata
    if revealed is None or not (wanted or VCT_INTEGRITY in revealed.claims):
        return not_applicable(name, "no-schema", "The metadata of the type were not asked for.")
    try:
        metadata = read_type_metadata(revealed.claims, partial(fetch, session.resolvers))
        check_claims_against(revealed, metadata)
    except WebDocumentUnreachable as error:
        return of_error(name, error, _VC_SOURCE, outcome=Outcome.UNCHECKED)
    except TypeMetadataRefused as error:
        return of_error(name, error, _VC_SOURCE)
    return passed(name, "type-metadata-met", "The credential follows its type.", _VC_SOURCE)


def _reveal(sd_jwt: SdJwt) -> tuple[Revealed | None, Check]:
    name = CheckName.DISCLOSURE
    try:
        revealed = sd_jwt.revealed()
    except SdJwtError as error:
        return None, of_error(name, error, _SD_JWT_SOURCE)
    if not sd_jwt.disclosures:
        message = "Nothing is disclosed beyond what is always shown."
        return revealed, passed(name, "disclosures-none", message, _SD_JWT_SOURCE)
    message = "Every part that is shown was signed by the issuer."
    return revealed, passed(name, "disclosures-hold", message, _SD_JWT_SOURCE)


def _without_digests(payload: JsonObject) -> JsonObject:
    return {name: value for name, value in payload.items() if name not in {SD, SD_ALG}}


def _check_rules(jws: Jws, revealed: Revealed | None, *, is_w3c: bool) -> Check:
    name, source = CheckName.PARSING, _W3C_SOURCE if is_w3c else _VC_SOURCE
    bare = revealed or Revealed(
        claims=_without_digests(jws.payload),
        as_issued={},
        places={},
        partly_withheld=frozenset(),
    )
    try:
        (check_w3c_sd_jwt if is_w3c else check_sd_jwt_vc)(jws, bare.claims, bare.places)
    except SkillPassportError as error:
        return of_error(name, error, source)
    if not is_w3c and is_retired_type(jws):
        return Check(
            name,
            Outcome.WARNED,
            "sd-jwt-type-retired",
            "The token follows the rules, under a type that the standard has given up.",
            remedy="Ask the issuer to sign with software that follows the current standard.",
            source=source,
        )
    return passed(name, "token-well-formed", "The token follows the rules.", source)


def _check_signature(jws: Jws, issuer: IssuerKey) -> Check:
    if issuer.key is None:
        return no_key()
    holds_for_key = verify_jws(jws, issuer.key)
    return holds(_SD_JWT_SOURCE) if holds_for_key else does_not_match(_SD_JWT_SOURCE)


def _check_key_binding(presented: SdJwt | SdJwtKb, session: Session) -> Check:
    """Return whether the holder signed this presentation.

    Whether that is asked for is the verifier's decision alone: never that of the presentation, from
    which a thief would simply cut the key binding (RFC 9901, section 7.3, step 1).
    """
    name, policy = CheckName.KEY_BINDING, session.policy
    is_asked = policy.challenge is not None or policy.domain is not None
    is_required = is_asked or policy.holder_must_be_subject
    if not isinstance(presented, SdJwtKb):
        if is_required:
            return of_error(name, KeyBindingMissing(), _BINDING_SOURCE)
        message = "The holder did not sign for showing it, and was not asked to."
        return not_applicable(name, "key-binding-none", message)
    try:
        key = holder_key(presented.sd_jwt.jws.payload)
        if key is None:
            raise KeyBindingRefused("the holder's key in 'cnf'", "none")
        check_binding_jwt(presented, key, _terms(session, is_asked=is_asked))
    except SdJwtError as error:
        return of_error(name, error, _BINDING_SOURCE)
    if not is_asked:
        return Check(
            name,
            Outcome.FAILED if is_required else Outcome.WARNED,
            "key-binding-unasked",
            "The holder signed for showing it, but on an occasion that nobody here asked for.",
            remedy="Do not conclude from it who shows the credential now.",
            source=_BINDING_SOURCE,
        )
    message = "The holder signed for showing exactly this, here and now."
    return passed(name, "key-binding-holds", message, _BINDING_SOURCE)


def _terms(session: Session, *, is_asked: bool) -> BindingTerms:
    policy = session.policy
    return BindingTerms(
        audience=policy.domain,
        nonce=policy.challenge,
        now=session.now,
        window=policy.key_binding_window if is_asked else None,
        algorithms=policy.jws_algorithms,
    )
