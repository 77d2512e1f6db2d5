"""SD-JWT VC: which SD-JWT is a credential, and what it must and must not say.

Follows the Internet-Draft "SD-JWT-based Verifiable Digital Credentials", section 3 (header, claims,
verification). `typ` is `dc+sd-jwt`; the earlier `vc+sd-jwt` is read too, unless a JSON-LD `@context` is
inside: that is VC-JOSE-COSE's media type of the same name, a credential of the W3C data model.

Departs from the draft by refusing more: keys in the header other than `x5c`, an `@context` in the
claims, and a W3C credential whose validity-controlling members came by disclosure.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from skillpassport.vc.jose import Jws, JwsHeaderRefused, JwsTypeRefused, numeric_date
from skillpassport.vc.jose.credential import check_claims
from skillpassport.vc.jose.jws import EXTENSIONS_IN_HEADER, REGISTERED_DATES, check_header
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.sdjwt.issuing import Concealment, issue_sd_jwt
from skillpassport.vc.sdjwt.key_binding import holder_key
from skillpassport.vc.sdjwt.refusals import DisclosureRefused, SdJwtVcMalformed
from skillpassport.vc.sdjwt.revealing import Path
from skillpassport.vc.sdjwt.serialization import SdJwt
from skillpassport.vc.strict_json import JsonObject, JsonValue

DC_SD_JWT: Final = "dc+sd-jwt"
VC_SD_JWT: Final = "vc+sd-jwt"

VCT: Final = "vct"
VCT_INTEGRITY: Final = "vct#integrity"

NEVER_DISCLOSED: Final = frozenset(
    {"iss", "nbf", "exp", "cnf", VCT, VCT_INTEGRITY, "aka_vcts", "status"}
)
"""Claims that are always shown, since a holder who could withhold them would decide when and to whom
the credential holds (draft, section 3.2.2.3)."""

_NEVER_DISCLOSED_OF_W3C: Final = NEVER_DISCLOSED | frozenset(
    {
        "@context",
        "type",
        "issuer",
        "validFrom",
        "validUntil",
        "credentialStatus",
        "credentialSchema",
        "relatedResource",
    }
)
_KEYS_BESIDE_CERTIFICATES = ("jwk", "jku", "x5u")
_CONTENT_TYPE_OF_W3C = "vc"


def issue_sd_jwt_vc(
    claims: JsonObject,
    signer: Signer,
    *,
    concealment: Concealment,
    holder: PublicKey | None = None,
    kid: str | None = None,
    certificates: Sequence[str] = (),
) -> SdJwt:
    """Return an SD-JWT VC with all of its disclosures, for the holder alone.

    claims: with `vct` and, unless certificates name the issuer, `iss`
    holder: the key to which presentations are bound
    kid: of the signing key: a DID URL, or a name in the issuer's published key set
    certificates: DER in base64, the signer's own first, without the trust anchor
    Raises: SdJwtVcMalformed, DisclosureRefused, JwtClaimRefused, JwsAlgorithmRefused
    Source: SD-JWT VC, sections 3.2.1 and 3.2.2
    """
    chain: list[JsonValue] = [*certificates]
    header: JsonObject = {"typ": DC_SD_JWT, "kid": kid, "x5c": chain or None}
    issued = issue_sd_jwt(
        claims,
        signer,
        header={name: value for name, value in header.items() if value is not None},
        concealment=concealment,
        holder=holder,
    )
    bound: JsonObject = {**claims, "cnf": {"jwk": holder.jwk}} if holder else claims
    check_sd_jwt_vc(issued.jws, bound, concealment.paths)
    return issued


def is_retired_type(jws: Jws) -> bool:
    """Return whether an SD-JWT VC still bears the `typ` that the drafts gave up."""
    return jws.type == VC_SD_JWT


def is_w3c_credential(jws: Jws) -> bool:
    """Return whether a token is VC-JOSE-COSE's: a credential of the W3C data model as SD-JWT.

    `typ` alone does not tell, since two standards have used one name: the claims do.
    """
    return jws.type == VC_SD_JWT and "@context" in jws.payload and VCT not in jws.payload


def check_sd_jwt_vc(jws: Jws, claims: JsonObject, disclosed: Iterable[Path]) -> None:
    """Refuse a header or claims that break the rules of SD-JWT VC, whatever the signature.

    claims: with what was disclosed in its places
    disclosed: the paths of that
    Raises: JwsTypeRefused, JwsHeaderRefused, SdJwtVcMalformed, DisclosureRefused, JwtClaimRefused,
    KeyBindingRefused
    Source: SD-JWT VC, sections 3.2.1 and 3.2.2; RFC 8725, sections 3.1 and 3.11
    """
    if jws.type not in {DC_SD_JWT, VC_SD_JWT}:
        raise JwsTypeRefused(DC_SD_JWT)
    for member in (*_KEYS_BESIDE_CERTIFICATES, *EXTENSIONS_IN_HEADER):
        if member in jws.header:
            raise JwsHeaderRefused(member)
    _refuse_disclosed(disclosed, NEVER_DISCLOSED)
    if "@context" in claims:
        raise SdJwtVcMalformed("@context", "nothing, since 'vct' names the type,")
    for claim in (VCT, "iss", "sub", VCT_INTEGRITY):
        if (claim in claims or claim == VCT) and not _is_text(claims.get(claim)):
            raise SdJwtVcMalformed(claim, "a text")
    for claim in REGISTERED_DATES:
        numeric_date(claims, claim)
    if "aka_vcts" in claims and not _are_other_types(claims["aka_vcts"], claims[VCT]):
        raise SdJwtVcMalformed("aka_vcts", "an array of other types than 'vct'")
    if not isinstance(claims.get("status", {}), dict):
        raise SdJwtVcMalformed("status", "an object")
    holder_key(claims)


def check_w3c_sd_jwt(jws: Jws, claims: JsonObject, disclosed: Iterable[Path]) -> None:
    """Refuse a header or claims that break the rules of VC-JOSE-COSE's `vc+sd-jwt`.

    claims, disclosed: as for `check_sd_jwt_vc`
    Raises: JwsTypeRefused, JwsHeaderRefused, SdJwtVcMalformed, DisclosureRefused, JwtClaimRefused,
    KeyBindingRefused
    Source: VC-JOSE-COSE, section 3.2.1
    """
    check_header(jws, VC_SD_JWT, content_type=_CONTENT_TYPE_OF_W3C)
    _refuse_disclosed(disclosed, _NEVER_DISCLOSED_OF_W3C)
    if VCT in claims:
        raise SdJwtVcMalformed(VCT, "nothing, since '@context' names the vocabulary,")
    check_claims(claims)
    holder_key(claims)


def _refuse_disclosed(disclosed: Iterable[Path], names: frozenset[str]) -> None:
    if any(path[0] in names for path in disclosed):
        raise DisclosureRefused("claims that may be disclosed one by one", "one that may not")


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(value)


def _are_other_types(values: JsonValue, own: JsonValue) -> bool:
    if not isinstance(values, list) or not values:
        return False
    return all(_is_text(value) and value != own for value in values)
