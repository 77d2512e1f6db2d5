"""@digitalbazaar/vc with its cryptosuites verifies what we sign, and we verify what it signs.

It knows the published contexts as their makers publish them, and nothing of ours.
"""

from copy import deepcopy
from typing import Any, Final

import pytest

from skillpassport.vc.contexts import ContextUnknown
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.keys import EcdsaSigner, Signer
from skillpassport.vc.presentations import (
    PresentationVerification,
    build_presentation,
    sign_presentation,
    verify_presentation,
)
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject, parse_object
from skillpassport.vc.suites import suites_over
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.verify import Policy
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    P256_ISSUER,
    P384_ISSUER,
    FakeResolvers,
    as_text,
    did_of,
    method_of,
    verified,
)
from tests.support.node import NodePeer, PeerRefused, node_peer

__all__ = ["node_peer"]

V2: Final = "https://www.w3.org/ns/credentials/v2"
WORDS: Final = "https://vocabulary.example/#"
SUITES = suites_over(None)
AT: Final = {"now": "2026-11-22T09:30:00Z", "created": "2026-11-01T08:00:00Z"}
CHALLENGE, DOMAIN = "f2b1c0de", "https://verifier.example"

SIGNED = [
    pytest.param("eddsa-rdfc-2022", ISSUER, id="eddsa-rdfc-2022"),
    pytest.param("eddsa-jcs-2022", ISSUER, id="eddsa-jcs-2022"),
    pytest.param("ecdsa-rdfc-2019", P256_ISSUER, id="ecdsa-rdfc-2019-P-256"),
    pytest.param("ecdsa-rdfc-2019", P384_ISSUER, id="ecdsa-rdfc-2019-P-384"),
    pytest.param("ecdsa-jcs-2019", P256_ISSUER, id="ecdsa-jcs-2019-P-256"),
    pytest.param("ecdsa-jcs-2019", P384_ISSUER, id="ecdsa-jcs-2019-P-384"),
]
by_suite = pytest.mark.parametrize(("suite", "signer"), SIGNED)


def composed(issuer: str, suite: str = "") -> JsonObject:
    """Return a credential of somebody's vocabulary: nested, with twins, languages and numbers.

    JCS suites sign members as they stand, whether or not a context defines them; there the
    vocabulary is left out, for the reason in the last section.
    """
    return {
        "@context": [V2] if "jcs" in suite else [V2, {"@vocab": WORDS}],
        "id": "urn:uuid:0d5e0d7f-6a1b-4c3d-9d5e-6b1d9a4e3c5f",
        "type": ["VerifiableCredential", "Welder"],
        "issuer": issuer,
        "name": {"@value": 'Zürich: "Schweißer"\n', "@language": "de"},
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
            "hours": 40,
            "skills": ["MAG", "WIG"],
            "attended": [{"title": "Theory"}, {"title": "Practice", "passed": True}],
        },
    }


def sign(document: JsonObject, suite: str, signer: Signer) -> JsonObject:
    options = ProofOptions(verification_method=method_of(signer), created=ISSUED)
    return add_proof(document, suite=SUITES[suite], signer=signer, options=options)


def tampered(document: JsonObject) -> list[JsonObject]:
    """Return copies with another claim, another time of the proof, and a bent signature."""
    claim, proof, value = (deepcopy(document) for _ in range(3))
    subject: Any = claim["credentialSubject"]
    subject["hours"] = 400
    options: Any = proof["proof"]
    options["created"] = "2026-11-01T08:00:01Z"
    bent: Any = value["proof"]
    text = bent["proofValue"]
    bent["proofValue"] = text[:-3] + ("A" if text[-3] != "A" else "B") + text[-2:]
    return [claim, proof, value]


def holds_there(peer: NodePeer, document: JsonObject) -> bool:
    answer = peer.ask("verify", credential=document, now=AT["now"])
    return bool(answer["verified"])


def holds_here(document: JsonObject) -> bool:
    return verified(as_text(document)).report.verdict is Verdict.VALID


@by_suite
def test_what_we_sign_holds_there(node_peer: NodePeer, suite: str, signer: Signer) -> None:
    secured = sign(composed(did_of(signer), suite), suite, signer)
    answer = node_peer.ask("verify", credential=secured, now=AT["now"])
    assert answer == {"verified": True, "error": None}
    for forged in tampered(secured):
        assert not holds_here(forged)
        assert not holds_there(node_peer, forged)


@by_suite
def test_what_is_signed_there_holds_here(node_peer: NodePeer, suite: str, signer: Signer) -> None:
    did = node_peer.ask("newKey", curve=signer.algorithm)
    secured = node_peer.ask("issue", credential=composed(did, suite), suite=suite, did=did, **AT)
    report = verified(as_text(secured)).report
    assert report.verdict is Verdict.VALID, report.failures
    for forged in tampered(secured):
        assert not holds_here(forged)
        assert not holds_there(node_peer, forged)


def test_somebody_elses_key_is_refused_on_both_sides(node_peer: NodePeer) -> None:
    usurped = sign(composed(did_of(ISSUER)), "ecdsa-rdfc-2019", P256_ISSUER)
    assert not holds_here(usurped)
    assert not holds_there(node_peer, usurped)


# --- selective disclosure -----------------------------------------------------------------------

POINTERS = ["/issuer", "/validFrom", "/credentialSubject/hours", "/credentialSubject/attended/1"]


def base_here(signer: EcdsaSigner, mandatory: list[str]) -> JsonObject:
    suite = EcdsaSd2023(mandatory_pointers=mandatory)
    options = ProofOptions(verification_method=method_of(signer), created=ISSUED)
    return add_proof(composed(did_of(signer)), suite=suite, signer=signer, options=options)


def base_there(peer: NodePeer, mandatory: list[str]) -> JsonObject:
    did = peer.ask("newKey", curve="P-256")
    secured: JsonObject = peer.ask(
        "issue",
        credential=composed(did),
        suite="ecdsa-sd-2023",
        did=did,
        mandatoryPointers=mandatory,
        **AT,
    )
    return secured


def derived_here(secured: JsonObject) -> JsonObject:
    proof = secured["proof"]
    assert isinstance(proof, dict)
    unsecured = {name: value for name, value in secured.items() if name != "proof"}
    return EcdsaSd2023().derive(unsecured, proof, POINTERS)


def derived_there(peer: NodePeer, secured: JsonObject) -> JsonObject:
    derived: JsonObject = peer.ask("derive", credential=secured, selectivePointers=POINTERS)
    return derived


@pytest.mark.parametrize("derives", ["here", "there"])
@pytest.mark.parametrize("issues", ["here", "there"])
@pytest.mark.parametrize("mandatory", [["/issuer"], ["/issuer", "/type"], []], ids=len)
def test_a_part_that_either_side_signed_or_chose_holds_on_both(
    node_peer: NodePeer, issues: str, derives: str, mandatory: list[str]
) -> None:
    here = issues == "here"
    base = base_here(P256_ISSUER, mandatory) if here else base_there(node_peer, mandatory)
    shown = derived_here(base) if derives == "here" else derived_there(node_peer, base)
    subject: Any = shown["credentialSubject"]
    assert subject["hours"] == 40
    assert "skills" not in subject
    assert holds_there(node_peer, shown)
    assert holds_here(shown)
    for forged in tampered(shown):
        assert not holds_here(forged)
        assert not holds_there(node_peer, forged)


# --- presentations ------------------------------------------------------------------------------


def shown_here(document: JsonObject, challenge: str, domain: str) -> PresentationVerification:
    policy = Policy(challenge=challenge, domain=domain)
    return verify_presentation(as_text(document), resolvers=FakeResolvers(), now=NOW, policy=policy)


@by_suite
def test_a_presentation_of_ours_holds_there_for_its_occasion(
    node_peer: NodePeer, suite: str, signer: Signer
) -> None:
    inside = sign(composed(did_of(signer), suite), suite, signer)
    options = ProofOptions(
        verification_method=method_of(signer), created=ISSUED, challenge=CHALLENGE, domain=DOMAIN
    )
    presentation = sign_presentation(
        build_presentation([inside], holder=did_of(signer)),
        signer,
        suite=SUITES[suite],
        options=options,
    )
    judged_on_both_sides(node_peer, presentation)


@by_suite
def test_a_presentation_from_there_holds_here_for_its_occasion(
    node_peer: NodePeer, suite: str, signer: Signer
) -> None:
    did = node_peer.ask("newKey", curve=signer.algorithm)
    inside = sign(composed(did_of(signer), suite), suite, signer)
    presentation = node_peer.ask(
        "present",
        credentials=[inside],
        did=did,
        suite=suite,
        challenge=CHALLENGE,
        domain=DOMAIN,
        **AT,
    )
    judged_on_both_sides(node_peer, presentation)


def judged_on_both_sides(peer: NodePeer, presentation: JsonObject) -> None:
    forged = parse_object(as_text(presentation).replace('"hours":40', '"hours":400'))
    for document, challenge, domain, holds in (
        (presentation, CHALLENGE, DOMAIN, True),
        (presentation, "another", DOMAIN, False),
        (presentation, CHALLENGE, "https://elsewhere.example", False),
        (forged, CHALLENGE, DOMAIN, False),
    ):
        found = shown_here(document, challenge, domain)
        assert found.verified() is holds, [check.code for check in found.report.failures]
        there = peer.ask(
            "verifyPresentation",
            presentation=document,
            challenge=challenge,
            domain=domain,
            now=AT["now"],
        )
        assert there["verified"] is holds, there


# --- where we part ------------------------------------------------------------------------------


@pytest.mark.parametrize(("suite", "signer"), [each for each in SIGNED if "jcs" in str(each.id)])
def test_there_jcs_suites_take_no_terms_from_within_the_document(
    node_peer: NodePeer, suite: str, signer: Signer
) -> None:
    """Not even in what was signed there: objects in `@context` are compared as references."""
    did = node_peer.ask("newKey", curve=signer.algorithm)
    theirs = node_peer.ask("issue", credential=composed(did), suite=suite, did=did, **AT)
    assert holds_here(theirs)
    for document in (theirs, sign(composed(did_of(signer)), suite, signer)):
        answer = node_peer.ask("verify", credential=document, now=AT["now"])
        assert "document.@context does not start with proof.@context" in answer["error"]


@pytest.mark.parametrize(
    "hostile",
    [
        {"@context": [V2], "misspelt": "x"},
        {"@context": [V2, {"@vocab": WORDS}], "id": "relative"},
        {"@context": ["https://unknown.example/v1", V2]},
    ],
    ids=["undefined-term", "relative-id", "unknown-context"],
)
def test_what_we_refuse_to_sign_over_statements_is_refused_there(
    node_peer: NodePeer, hostile: JsonObject
) -> None:
    did = node_peer.ask("newKey", curve="Ed25519")
    plain: JsonObject = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "urn:uuid:1"},
    }
    document = {**composed(did), **plain}
    node_peer.ask("issue", credential=document, suite="eddsa-rdfc-2022", did=did, **AT)
    with pytest.raises(PeerRefused):
        node_peer.ask(
            "issue", credential=document | hostile, suite="eddsa-rdfc-2022", did=did, **AT
        )
    with pytest.raises((NotCanonicalizable, ContextUnknown)):
        sign(document | hostile, "eddsa-rdfc-2022", ISSUER)
