"""SD-JWT VC with ES256 and fourteen disclosures (G7), beside the reference library of RFC 9901.

Both verify what they issued themselves: signature and disclosures, which is what the reference does.
The last line is our whole report beside that, with type, time and issuer's key from its DID.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from bench.credentials import a_credential
from bench.pairing import Pair
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.jose import verify_jws
from skillpassport.vc.keys import P256, EcdsaSigner
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.report import Verdict
from skillpassport.vc.sdjwt import Concealment, Path, SdJwt, parse_sd_jwt
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.verify import Offline, verify

_NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_MANY = 2_048
"""Tokens that are verified in turn, so that none is known again."""

_MEMBERS = ("achievementType", "criteria", "description", "name")
"""Of the achievement, which are disclosed one by one, as each of its ten alignments is."""


def _claims(issuer: str) -> dict[str, Any]:
    """Return what the benchmarks' credential says, as claims of a type."""
    badge = a_credential(issuer)
    return {
        "iss": issuer,
        "iat": int(_NOW.timestamp()) - 60,
        "exp": int(_NOW.timestamp()) + 86_400,
        "vct": "https://types.example/welder",
        "achievement": badge["credentialSubject"]["achievement"],  # type: ignore[call-overload,index]
    }


def _marked(claims: dict[str, Any]) -> dict[str, Any]:
    """Return the claims as the reference takes them: what is disclosable wrapped in objects."""
    achievement = claims["achievement"]
    marked = {
        SDObj(name) if name in _MEMBERS else name: value for name, value in achievement.items()
    }
    marked["alignment"] = [SDObj(each) for each in achievement["alignment"]]
    return claims | {"achievement": marked}


def selective_pairs() -> Iterator[Pair]:
    """Yield issuing and verifying."""
    secret = bytes(range(1, 33))
    signer = EcdsaSigner.from_private_bytes(secret, P256)
    issuer = did_key(signer.public_key)
    kid = own_verification_method(issuer)
    claims = _claims(issuer)
    paths: list[Path] = [("achievement", name) for name in _MEMBERS]
    paths += [("achievement", "alignment", number) for number in range(10)]
    concealment = Concealment(paths=paths)
    key = JWK(**signer.public_key.jwk, d=encode_base64url(secret))
    public = JWK(**signer.public_key.jwk)

    def we_issue() -> str:
        return issue_sd_jwt_vc(claims, signer, concealment=concealment, kid=kid).text

    def they_issue() -> str:
        issued = SDJWTIssuer(
            _marked(claims), key, extra_header_parameters={"typ": "dc+sd-jwt", "kid": kid}
        )
        text: str = issued.sd_jwt_issuance
        return text

    ours = cycle([we_issue() for _ in range(_MANY)])
    theirs = cycle([they_issue() for _ in range(_MANY)])

    def we_verify() -> None:
        found = parse_sd_jwt(next(ours))
        assert isinstance(found, SdJwt)
        assert verify_jws(found.jws, signer.public_key)
        assert found.revealed().claims == claims

    def we_report() -> None:
        found = verify(next(ours), resolvers=Offline(), now=_NOW)
        assert found.report.verdict is Verdict.VALID

    def they_verify() -> None:
        found = SDJWTVerifier(next(theirs), lambda _issuer, _header: public)
        assert found.get_verified_payload()["achievement"] == claims["achievement"]

    name = "sd-jwt/ES256/14-disclosures"
    yield Pair(number="G7", peer=f"{name}/issue", goal=3, ours=we_issue, theirs=they_issue)
    yield Pair(number="G7", peer=f"{name}/verify", goal=1.8, ours=we_verify, theirs=they_verify)
    yield Pair(number="G7", peer=f"{name}/report", goal=1.8, ours=we_report, theirs=they_verify)
