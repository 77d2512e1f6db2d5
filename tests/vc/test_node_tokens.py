"""@sd-jwt/sd-jwt-vc and jose verify the tokens that we sign, and we verify what they sign."""

from datetime import timedelta
from typing import Any, Final

import pytest

from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.keys import P384, EcdsaSigner, Ed25519Signer, Signer
from skillpassport.vc.multibase import decode_base64url, encode_base64url
from skillpassport.vc.report import Verdict
from skillpassport.vc.sdjwt import Concealment, SdJwt, bind, issue_sd_jwt, parse_sd_jwt, select
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Policy, Verification
from tests.support.credentials import (
    NOW,
    a_credential,
    as_text,
    did_of,
    method_of,
    verified,
)
from tests.support.node import NodePeer, PeerRefused, node_peer

__all__ = ["node_peer"]

SECRETS: Final = {
    "EdDSA": bytes(range(32)),
    "ES256": bytes(range(1, 33)),
    "ES384": bytes(range(1, 49)),
}
SIGNERS: Final[dict[str, Signer]] = {
    "EdDSA": Ed25519Signer.from_private_bytes(SECRETS["EdDSA"]),
    "ES256": EcdsaSigner.from_private_bytes(SECRETS["ES256"]),
    "ES384": EcdsaSigner.from_private_bytes(SECRETS["ES384"], P384),
}
HOLDER: Final = EcdsaSigner.from_private_bytes(bytes(range(2, 34)))
AUDIENCE, NONCE = "https://verifier.example", "n-0S6_WzA2Mj"
SECONDS: Final = int(NOW.timestamp())
by_algorithm = pytest.mark.parametrize("algorithm", SIGNERS)


def public(algorithm: str) -> JsonObject:
    return {"jwk": SIGNERS[algorithm].public_key.jwk, "algorithm": algorithm}


def private(algorithm: str) -> JsonObject:
    jwk = {**SIGNERS[algorithm].public_key.jwk, "d": encode_base64url(SECRETS[algorithm])}
    return {"jwk": jwk, "algorithm": algorithm}


# --- SD-JWT VC ----------------------------------------------------------------------------------


def claims(algorithm: str) -> JsonObject:
    return {
        "iss": did_of(SIGNERS[algorithm]),
        "iat": SECONDS - 60,
        "exp": SECONDS + 86_400,
        "vct": "https://types.example/welder",
        "given_name": "Zażółć",
        "family_name": "Example",
        "address": {"country": "GH", "locality": "Accra"},
        "skills": ["MAG", "WIG", "E"],
    }


PATHS: Final = (("given_name",), ("family_name",), ("address", "locality"), ("skills", 1))
FRAME: Final[JsonObject] = {
    "_sd": ["given_name", "family_name"],
    "address": {"_sd": ["locality"]},
    "skills": {"_sd": [1]},
}


def issued_here(algorithm: str) -> SdJwt:
    signer = SIGNERS[algorithm]
    return issue_sd_jwt(
        claims(algorithm),
        signer,
        header={"typ": "dc+sd-jwt", "kid": method_of(signer)},
        concealment=Concealment(paths=PATHS, decoys=2),
        holder=HOLDER.public_key,
    )


def issued_there(peer: NodePeer, algorithm: str) -> SdJwt:
    text = peer.ask(
        "issueSdJwt",
        claims={**claims(algorithm), "cnf": {"jwk": HOLDER.public_key.jwk}},
        frame=FRAME,
        header={"kid": method_of(SIGNERS[algorithm])},
        key=private(algorithm),
    )
    parsed = parse_sd_jwt(text)
    assert isinstance(parsed, SdJwt)
    return parsed


def shown_here(sd_jwt: SdJwt, *, nonce: str = NONCE) -> str:
    chosen = select(sd_jwt, [("given_name",), ("skills", 1)])
    return bind(chosen, HOLDER, audience=AUDIENCE, nonce=nonce, issued_at=NOW).text


def shown_there(peer: NodePeer, sd_jwt: SdJwt) -> str:
    text: str = peer.ask(
        "presentSdJwt",
        sdJwt=sd_jwt.text,
        frame={"given_name": True, "skills": {"1": True}},
        key={
            "jwk": {**HOLDER.public_key.jwk, "d": encode_base64url(bytes(range(2, 34)))},
            "algorithm": "ES256",
        },
        binding={"iat": SECONDS, "aud": AUDIENCE, "nonce": NONCE},
    )
    return text


def checked_here(text: str, nonce: str = NONCE) -> Verification:
    policy = Policy(challenge=nonce, domain=AUDIENCE, key_binding_window=timedelta(minutes=1))
    return verified(text, policy=policy)


def checked_there(peer: NodePeer, text: str, algorithm: str, nonce: str = NONCE) -> Any:  # noqa: ANN401 - JSON
    return peer.ask(
        "verifySdJwt", sdJwt=text, key=public(algorithm), nonce=nonce, currentDate=SECONDS
    )


@pytest.mark.parametrize("shows", ["here", "there"])
@pytest.mark.parametrize("issues", ["here", "there"])
@by_algorithm
def test_what_either_side_issued_and_showed_holds_on_both(
    node_peer: NodePeer, algorithm: str, issues: str, shows: str
) -> None:
    issued = issued_here(algorithm) if issues == "here" else issued_there(node_peer, algorithm)
    shown = shown_here(issued) if shows == "here" else shown_there(node_peer, issued)

    here = checked_here(shown)
    there = checked_there(node_peer, shown, algorithm)
    assert here.report.verdict is Verdict.VALID, here.report.failures
    assert here.document is not None
    for read in (here.document, there["payload"]):
        assert read["given_name"] == "Zażółć"
        assert read["skills"] == ["MAG", "WIG", "E"]
        assert read["address"] == {"country": "GH"}
        assert "family_name" not in read
    assert there["binding"]["aud"] == AUDIENCE

    assert checked_here(shown, "another").report.verdict is Verdict.INVALID
    with pytest.raises(PeerRefused):
        checked_there(node_peer, shown, algorithm, "another")
    for forged in forgeries(shown):
        assert checked_here(forged).report.verdict is not Verdict.VALID
        with pytest.raises(PeerRefused):
            checked_there(node_peer, forged, algorithm)


def forgeries(shown: str) -> list[str]:
    """Return a presentation with another claim, one part fewer, one bent signature each."""
    token, *disclosures, binding = shown.split("~")
    (name,) = [part for part in disclosures if "given_name" in decode_base64url(part).decode()]
    renamed = encode_base64url(decode_base64url(name).replace(b"Za", b"Ma"))
    return [
        shown.replace(name, renamed),
        shown.replace(f"{name}~", ""),
        "~".join([bent(token), *disclosures, binding]),
        "~".join([token, *disclosures, bent(binding)]),
    ]


def bent(token: str) -> str:
    head, _, signature = token.rpartition(".")
    octets = bytearray(decode_base64url(signature))
    octets[5] ^= 1
    return f"{head}.{encode_base64url(bytes(octets))}"


# --- tokens -------------------------------------------------------------------------------------


@by_algorithm
def test_a_token_of_ours_holds_there(node_peer: NodePeer, algorithm: str) -> None:
    signer = SIGNERS[algorithm]
    document = a_credential(issuer=did_of(signer))
    token = sign_vc_jwt(document, signer, kid=method_of(signer))
    details = {"key": public(algorithm), "typ": "vc+jwt", "now": NOW.isoformat()}
    assert node_peer.ask("verifyJwt", token=token, **details) == {
        **document,
        "iss": did_of(signer),
    }
    with pytest.raises(PeerRefused):
        node_peer.ask("verifyJwt", token=bent(token), **details)


@by_algorithm
def test_a_token_from_there_holds_here(node_peer: NodePeer, algorithm: str) -> None:
    signer = SIGNERS[algorithm]
    document = a_credential(issuer=did_of(signer))
    header = {"typ": "vc+jwt", "cty": "vc", "kid": method_of(signer)}
    token = node_peer.ask("issueJwt", claims=document, header=header, key=private(algorithm))
    enveloped = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
    }
    for brought, verdict in (
        (token, Verdict.VALID),
        (as_text({**enveloped, "id": f"data:application/vc+jwt,{token}"}), Verdict.VALID),
        (bent(token), Verdict.INVALID),
        (as_text({**enveloped, "id": f"data:application/vc+jwt,{bent(token)}"}), Verdict.INVALID),
    ):
        report = verified(brought).report
        assert report.verdict is verdict, report.failures
