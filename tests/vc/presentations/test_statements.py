"""Presentations whose holder signed their statements."""

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.presentations.signing import build_presentation, sign_presentation
from skillpassport.vc.presentations.verify import verify_presentation
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_RDFC_2022
from skillpassport.vc.verify import Policy
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    STRANGER,
    FakeResolvers,
    a_credential,
    a_token,
    as_text,
    did_of,
    method_of,
)

POLICY = Policy(challenge="c-1", domain="verifier.example")


def a_signed_credential(name: str = "Welder") -> JsonObject:
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    document = a_credential(name=name, credentialSubject={"id": did_of(STRANGER)})
    return add_proof(document, suite=EDDSA_RDFC_2022, signer=ISSUER, options=options)


def presented(*credentials: JsonObject | str) -> JsonObject:
    options = ProofOptions(
        verification_method=method_of(STRANGER),
        created=ISSUED,
        challenge="c-1",
        domain="verifier.example",
    )
    document = build_presentation(credentials, holder=did_of(STRANGER))
    return sign_presentation(document, STRANGER, suite=EDDSA_RDFC_2022, options=options)


def verdict_of(document: JsonObject) -> Verdict:
    found = verify_presentation(
        as_text(document), resolvers=FakeResolvers(), now=NOW, policy=POLICY
    )
    return found.report.verdict


@pytest.mark.parametrize(
    "credentials",
    [
        (a_signed_credential(),),
        (a_signed_credential(), a_signed_credential("Cook")),
        (a_token(a_credential(credentialSubject={"id": did_of(STRANGER)})),),
        (),
    ],
    ids=["one", "two", "enveloped", "none"],
)
def test_a_presentation_holds_with_what_is_in_it(
    credentials: tuple[JsonObject | str, ...],
) -> None:
    """Each credential is a graph of its own in the statements of the presentation."""
    for _ in range(3):  # by the full way, compiled, filled
        assert verdict_of(presented(*credentials)) is Verdict.VALID


def test_a_credential_that_was_exchanged_breaks_the_presentation() -> None:
    document = presented(a_signed_credential())
    other: JsonObject = {**document, "verifiableCredential": [a_signed_credential("Doctor")]}
    assert verdict_of(other) is Verdict.INVALID
    fewer: JsonObject = {**document, "verifiableCredential": []}
    assert verdict_of(fewer) is Verdict.INVALID
