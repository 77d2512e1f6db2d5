"""Documents of anybody: what they show of themselves, and what is asked of others for that."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from skillpassport.clock import FixedClock
from skillpassport.credentials.verifying import Sources
from skillpassport.equivalence.exchange.errors import BundleNotTrusted
from skillpassport.vc.data_integrity import ProofOptions
from skillpassport.vc.presentations import sign_presentation
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022
from skillpassport.vc.verify import DEFAULT_POLICY
from skillpassport.verification import VerifyDocuments
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    REVOCATION_LIST,
    STRANGER,
    FakeResolvers,
    a_credential,
    as_text,
    clear_lists,
    did_of,
    method_of,
    signed,
    with_status,
)


class Opened:
    """Sources that count how often they are opened and closed."""

    def __init__(self, resolvers: FakeResolvers) -> None:
        self.resolvers = resolvers
        self.opened = self.closed = 0

    @contextmanager
    def __call__(self) -> Iterator[Sources]:
        self.opened += 1
        register: Any = None  # nothing of an award is asked
        yield Sources(self.resolvers, register)
        self.closed += 1


def verifying(resolvers: FakeResolvers) -> tuple[VerifyDocuments, Opened]:
    sources = Opened(resolvers)
    return VerifyDocuments(sources=sources, clock=FixedClock(NOW), policy=DEFAULT_POLICY), sources


def test_a_credential_is_judged_with_what_is_asked_of_others() -> None:
    documents, sources = verifying(clear_lists())
    for given in (signed(with_status()), as_text(signed(with_status()))):
        assert documents.credential(given).report.verdict is Verdict.VALID
    assert REVOCATION_LIST in sources.resolvers.asked
    assert (sources.opened, sources.closed) == (2, 2)


def test_a_proof_alone_is_judged_without_asking_for_a_status() -> None:
    documents, sources = verifying(clear_lists())
    found = documents.credential(signed(with_status()), proof_alone=True)
    assert REVOCATION_LIST not in sources.resolvers.asked
    assert Outcome.UNCHECKED in {check.outcome for check in found.report.checks}


def a_presentation() -> JsonObject:
    unsigned: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": did_of(STRANGER),
        "verifiableCredential": [signed(a_credential())],
    }
    options = ProofOptions(
        verification_method=method_of(STRANGER),
        created=ISSUED,
        challenge="c1",
        domain="verifier.example",
    )
    return sign_presentation(unsigned, STRANGER, suite=EDDSA_JCS_2022, options=options)


@pytest.mark.parametrize("challenge", ["c1", "another"])
def test_a_presentation_is_held_to_the_challenge_that_was_given(challenge: str) -> None:
    documents, _ = verifying(FakeResolvers())
    for given in (a_presentation(), as_text(a_presentation())):
        found = documents.presentation(given, domain="verifier.example", challenge=challenge)
        assert (found.report.verdict is Verdict.VALID) == (challenge == "c1")


def test_a_bundle_with_a_key_that_is_given_asks_nobody() -> None:
    documents, sources = verifying(FakeResolvers())
    manifest, issuer = signed(a_credential()), did_of(ISSUER)
    assert documents.bundle(manifest, issuer=issuer) == issuer
    with pytest.raises(BundleNotTrusted):
        documents.bundle(manifest, issuer=did_of(STRANGER), key=STRANGER.public_key.multikey)
    assert sources.opened == 1
