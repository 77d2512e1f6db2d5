"""Credentials of other forms over HTTP: read, and never taken for those of a registered issuer."""

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from skillpassport.vc.envelope import envelope
from skillpassport.vc.jose import sign_vp_jwt
from skillpassport.vc.presentations import build_presentation
from skillpassport.vc.sdjwt import Concealment, SdJwt, issue_sd_jwt
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject
from tests.support.awards import Story, verify
from tests.support.certificates import a_certified_signer, an_authority
from tests.support.credentials import (
    ISSUER,
    P256_ISSUER,
    P384_ISSUER,
    a_credential,
    a_token,
    did_of,
    method_of,
)
from tests.support.foreign import a_jwt_vc, an_old_badge, signed_as_2020
from tests.support.instances import an_instance
from tests.support.seals import OWNER, a_diploma, a_seal

CLAIMS: JsonObject = {"vct": "https://types.example/welder", "name": "Ama", "grade": 2}
EARLIER = "2026-02-01T00:00:00Z"
SEALER = a_certified_signer(an_authority(), names=(), organisation=OWNER)
CONCEALMENT = Concealment(paths=[("name",)])


def an_sd_jwt() -> SdJwt:
    return issue_sd_jwt_vc(
        {**CLAIMS, "iss": did_of(P256_ISSUER)},
        P256_ISSUER,
        concealment=CONCEALMENT,
        kid=method_of(P256_ISSUER),
    )


def a_foreign_token() -> str:
    document = a_credential(issuer=did_of(P384_ISSUER), validFrom="2026-01-01T00:00:00Z")
    return a_token(document, P384_ISSUER)


FORMS: list[tuple[str, object]] = [
    ("SD-JWT", an_sd_jwt().text),
    ("SD-JWT in JSON", an_sd_jwt().as_json()),
    ("token on P-384", a_foreign_token()),
    ("envelope", envelope(a_foreign_token(), "vc+jwt")),
]


@pytest.mark.parametrize(("name", "document"), FORMS, ids=[row[0] for row in FORMS])
def test_a_genuine_credential_of_a_stranger_is_read_and_left_open(
    story: Story, name: str, document: object
) -> None:
    report = story.verify(document)
    assert report["verdict"] == "undetermined"
    outcomes = {check["code"]: check["outcome"] for check in report["checks"]}
    assert outcomes["proof-valid"] == "passed"
    assert [code for code, outcome in outcomes.items() if outcome == "unchecked"] == [
        "issuer-unknown"
    ]


@pytest.mark.parametrize(
    "document",
    [
        json.loads(signed_as_2020(an_old_badge(issuanceDate=EARLIER))),
        a_jwt_vc(an_old_badge(issuer=did_of(ISSUER), issuanceDate=EARLIER)),
        a_seal(a_diploma(issuanceDate=EARLIER), SEALER),
    ],
)
def test_a_credential_of_an_earlier_standard_is_read_for_people_and_not_by_the_vc_api(
    story: Story, document: object
) -> None:
    report = story.verify(document)
    assert report["verdict"] == "undetermined"
    assert "seems_to_be" not in report
    assert {check["code"]: check["outcome"] for check in report["checks"]}[
        "proof-valid"
    ] == "passed"
    if isinstance(document, dict):
        body = {"verifiableCredential": document, "options": {}}
        answer = story.served.post("/vc/credentials/verify", body)
        assert answer.status_code == 400


def test_what_is_no_single_credential_is_named(story: Story) -> None:
    presentation = build_presentation([a_foreign_token()], holder=did_of(P256_ISSUER))
    token = sign_vp_jwt(presentation, P256_ISSUER, kid=method_of(P256_ISSUER))
    for document in (presentation, token, an_sd_jwt().token, an_sd_jwt().text + "x"):
        assert story.verify(document)["verdict"] == "unreadable"


def test_a_certificate_of_ones_own_making_is_no_registered_issuer(story: Story) -> None:
    """The certificate names a registered organisation; nobody but its DID document may do that."""
    did = story.provider.did
    impostor = a_certified_signer(
        an_authority(),
        names=[x509.UniformResourceIdentifier(did), x509.DNSName("passport.example")],
    )
    for issuer in (did, "https://passport.example/orgs/college"):
        for kid in (None, f"{did}#key"):
            header: JsonObject = {"typ": "dc+sd-jwt", "x5c": [*impostor.chain], "kid": kid}
            forged = issue_sd_jwt(
                {**CLAIMS, "iss": issuer, "issuer": did},
                impostor.signer,
                header={key: value for key, value in header.items() if value is not None},
                concealment=CONCEALMENT,
            )
            report = story.verify(forged.text)
            assert report["verdict"] in {"invalid", "undetermined"}
            assert report["issuer"] is None or not report["issuer"]["known"]


def test_an_authority_that_the_instance_is_told_of_vouches_for_issuers(tmp_path: Path) -> None:
    authority = an_authority()
    file = tmp_path / "authorities.pem"
    file.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    certified = a_certified_signer(authority)
    credential = issue_sd_jwt_vc(
        {**CLAIMS, "iss": "https://issuer.example"},
        certified.signer,
        concealment=CONCEALMENT,
        certificates=certified.chain,
    )
    for anchors, code in ((file, "issuer-key-certified"), (None, "trust-anchor-unknown")):
        with an_instance(tmp_path / code, prepare=True, trust_anchors=anchors) as served:
            report = verify(served, document=credential.text)
            assert code in {check["code"] for check in report["checks"]}
            assert report["issuer"] is None or not report["issuer"]["known"]
