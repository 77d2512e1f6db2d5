"""Every way of securing, from the profile to the refused forgery, on each engine."""

import copy
from typing import Any

import pytest

from skillpassport.vc.multibase import decode_base64url, encode_base64url
from skillpassport.vc.sdjwt import SdJwt, parse_sd_jwt
from tests.support.vc_api import SECURED, Desk, composed

METHODS = ("key", "web", "jwk")


@pytest.mark.parametrize(("securing", "key_type"), SECURED)
def test_what_a_profile_signs_verifies_and_a_forgery_does_not(
    desk: Desk, securing: str, key_type: str
) -> None:
    for method in METHODS:
        sign_verify_and_forge(desk, securing, key_type, method)


def sign_verify_and_forge(desk: Desk, securing: str, key_type: str, method: str) -> None:
    profile = desk.profile(slug=method, securing=securing, key_type=key_type, did_method=method)
    assert profile.did.startswith(f"did:{method}:")
    signed = shown(desk, profile.sign(composed()), securing)
    answer = desk.verify(signed)
    assert (answer.status_code, answer.json()["verified"]) == (200, True), answer.text
    for forged in forgeries(signed):
        refused = desk.verify(forged)
        assert refused.status_code == 400, refused.text
        assert refused.headers["content-type"] == "application/json"
        assert refused.json()["verified"] is False
        assert desk.verify(forged, checks=["proof"]).status_code == 400


@pytest.mark.parametrize(("securing", "key_type"), SECURED)
def test_a_status_can_be_set_and_is_seen_at_once(
    desk_anywhere: Desk, securing: str, key_type: str
) -> None:
    desk = desk_anywhere
    profile = desk.profile(securing=securing, key_type=key_type, status="bitstring")
    whole = profile.sign(composed(id="urn:uuid:6c4b6f9e-9b0a-4b6e-8f0a-000000000001"))
    signed = shown(desk, whole, securing, "/credentialStatus")
    assert desk.verify(signed).status_code == 200
    turned = desk.turn(credentialId="urn:uuid:6c4b6f9e-9b0a-4b6e-8f0a-000000000001")
    assert (turned.status_code, turned.json()) == (200, {"changed": 1})
    refused = desk.verify(signed)
    codes = [each["code"] for each in refused.json()["report"]["checks"]]
    assert (refused.status_code, "credential-revoked" in codes) == (400, True)
    assert desk.verify(signed, checks=["proof"]).status_code == 200


def test_a_credential_of_the_data_model_is_said_as_claims_of_an_sd_jwt_vc(desk: Desk) -> None:
    profile = desk.profile(securing="dc+sd-jwt", key_type="P-256", status="token")
    signed = profile.sign(
        composed(
            id="urn:uuid:6c4b6f9e-9b0a-4b6e-8f0a-000000000002",
            type=["VerifiableCredential", "Trade", "https://types.example/welder"],
            issuer={"id": profile.did, "name": "College"},
            validFrom="2024-01-01T00:00:00Z",
            validUntil="2099-01-01T00:00:00+02:00",
            name="Welding",
        )
    )
    sd_jwt = parse_sd_jwt(signed)
    assert isinstance(sd_jwt, SdJwt)
    claims = sd_jwt.revealed().claims
    expected = {
        "vct": "https://types.example/welder",
        "iss": profile.did,
        "jti": "urn:uuid:6c4b6f9e-9b0a-4b6e-8f0a-000000000002",
        "sub": "did:example:somebody",
        "nbf": 1704067200,
        "exp": 4070901600,
        "name": "Welding",
        "skill": "welding",
        "issuer": {"name": "College"},
        "type": ["VerifiableCredential", "Trade", "https://types.example/welder"],
    }
    assert {name: claims.get(name) for name in expected} == expected
    assert not claims.keys() & {"@context", "credentialSubject", "id", "validFrom"}
    assert desk.verify(signed).status_code == 200
    assert desk.turn(credentialId=claims["jti"]).json() == {"changed": 1}
    assert desk.verify(signed).status_code == 400


def test_the_least_credential_is_signed_under_every_way(desk: Desk) -> None:
    least = composed(credentialSubject={"skill": "welding"})
    for securing, key_type in (*SECURED, ("dc+sd-jwt", "Ed25519"), ("dc+sd-jwt", "P-384")):
        slug = f"{securing}-{key_type}".replace("+", "-").lower()
        profile = desk.profile(slug=slug, securing=securing, key_type=key_type)
        signed = shown(desk, profile.sign(least), securing)
        assert desk.verify(signed).status_code == 200, securing


def test_an_sd_jwt_vc_is_signed_and_verifies_as_a_bare_text(desk: Desk) -> None:
    profile = desk.profile(securing="dc+sd-jwt", key_type="P-256")
    signed = profile.sign({"vct": "https://types.example/welder", "given_name": "Ama"})
    assert isinstance(signed, str)
    assert desk.verify(signed).status_code == 200
    token, disclosure, _ = signed.split("~")
    assert desk.verify(f"{token}~").status_code == 200  # withheld, as its holder may
    assert desk.verify(f"{token}~{disclosure}~{disclosure}~").status_code == 400
    forged = encode_base64url(decode_base64url(disclosure).replace(b"Ama", b"Ata"))
    assert desk.verify(f"{token}~{forged}~").status_code == 400


def shown(desk: Desk, signed: Any, securing: str, *further: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a holder shows: under selective disclosure a part, else the whole."""
    if securing != "ecdsa-sd-2023":
        return signed
    answer = desk.derive(signed, "/credentialSubject", *further)
    assert answer.status_code == 201, answer.text
    return answer.json()["verifiableCredential"]


def forgeries(signed: Any) -> list[Any]:  # noqa: ANN401 - JSON
    if signed["type"] == "EnvelopedVerifiableCredential":
        head, _, token = signed["id"].partition(",")
        header, payload, signature = token.split(".")
        claims = decode_base64url(payload).replace(b"welding", b"surgery")
        return [
            {**signed, "id": f"{head},{header}.{encode_base64url(claims)}.{signature}"},
            {**signed, "id": f"{head},{header}.{payload}.{signature[::-1]}"},
            f"{header}.{encode_base64url(claims)}.{signature}",
        ]
    other_claim, no_proof, no_purpose, other_key = (copy.deepcopy(signed) for _ in range(4))
    other_claim["credentialSubject"]["skill"] = "surgery"
    del no_proof["proof"]
    no_purpose["proof"]["proofPurpose"] = "authentication"
    other_key["proof"]["verificationMethod"] = (
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
        "#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    )
    return [other_claim, no_proof, no_purpose, other_key]
