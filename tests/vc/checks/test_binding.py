"""Whose key made a proof: also when the issuer is changing keys at this moment."""

from dataclasses import dataclass, field

from skillpassport.vc.checks.binding import find_method
from skillpassport.vc.checks.session import Offline, Policy, Session
from skillpassport.vc.controllers import ASSERTION
from skillpassport.vc.report import Outcome
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import ISSUER, NOW, STRANGER

DID = "did:web:centre.example"


def a_document(*keys: str) -> JsonObject:
    """Return a DID document with these keys of the names `old` and `new`."""
    signers = {"old": ISSUER, "new": STRANGER}
    methods: list[JsonValue] = [
        {
            "id": f"{DID}#{name}",
            "type": "Multikey",
            "controller": DID,
            "publicKeyMultibase": signers[name].public_key.multikey,
        }
        for name in keys
    ]
    listed: list[JsonValue] = [f"{DID}#{name}" for name in keys]
    return {"id": DID, "verificationMethod": methods, "assertionMethod": listed}


@dataclass
class Changing(Offline):
    """Answers with one document after another, the last one again and again."""

    documents: list[JsonObject]
    asked: int = field(default=0)

    def did_document(self, did: str) -> JsonObject:
        self.asked += 1
        return self.documents[min(self.asked, len(self.documents)) - 1]


def a_session(resolvers: Changing) -> Session:
    return Session(resolvers=resolvers, now=NOW, policy=Policy())


def test_a_key_that_is_made_during_a_verification_is_found() -> None:
    """The credential was signed before a rotation, the status list that goes with it after."""
    resolvers = Changing([a_document("old"), a_document("old", "new")])
    session = a_session(resolvers)
    assert find_method(f"{DID}#old", ASSERTION, session).check.outcome is Outcome.PASSED
    found = find_method(f"{DID}#new", ASSERTION, session)
    assert found.check.outcome is Outcome.PASSED
    assert found.key == STRANGER.public_key


def test_a_key_that_is_nowhere_is_not_found_and_asked_for_once_more_only() -> None:
    resolvers = Changing([a_document("old")])
    found = find_method(f"{DID}#new", ASSERTION, a_session(resolvers))
    assert (found.check.outcome, found.check.code) == (
        Outcome.FAILED,
        "verification-method-not-found",
    )
    assert resolvers.asked == 2


def test_a_document_that_can_not_be_had_again_leaves_the_key_unchecked() -> None:
    class Vanishing(Changing):
        def did_document(self, did: str) -> JsonObject:
            return super().did_document(did) if self.asked == 0 else Offline.did_document(self, did)

    found = find_method(f"{DID}#new", ASSERTION, a_session(Vanishing([a_document("old")])))
    assert found.check.outcome is Outcome.UNCHECKED
