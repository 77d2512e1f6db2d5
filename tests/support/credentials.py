"""Builders of credentials, status lists and resolvers for tests; nothing here is a real key."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from skillpassport.vc.bitstring_status import (
    REVOCATION,
    SUSPENSION,
    StatusEntry,
    build_status_list_credential,
    encode_list,
    new_bits,
    set_bit,
)
from skillpassport.vc.checks.session import Policy, SchemaUnreachable
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import DidUnresolvable, did_key, own_verification_method
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.keys import ED25519, P384, EcdsaSigner, Ed25519Signer, Signer
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import ECDSA_JCS_2019, EDDSA_JCS_2022
from skillpassport.vc.verify import DEFAULT_POLICY, Verification, verify

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ISSUED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)

ISSUER = Ed25519Signer.from_private_bytes(bytes(range(32)))
P256_ISSUER = EcdsaSigner.from_private_bytes(bytes(range(1, 33)))
P384_ISSUER = EcdsaSigner.from_private_bytes(bytes(range(1, 49)), P384)
STRANGER = Ed25519Signer.from_private_bytes(bytes(range(32, 64)))

REVOCATION_LIST = "https://issuer.example/status/revocation"
SUSPENSION_LIST = "https://issuer.example/status/suspension"


def did_of(signer: Signer) -> str:
    """Return the did:key of a signer."""
    return did_key(signer.public_key)


def method_of(signer: Signer) -> str:
    """Return the verification method of a signer's did:key."""
    return own_verification_method(did_of(signer))


def a_credential(*, issuer: JsonValue = None, **changes: JsonValue) -> JsonObject:
    """Return an unsigned credential that follows every rule; a member given as None is left out."""
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
        "type": ["VerifiableCredential"],
        "name": "Welder, arc",
        "issuer": issuer or did_of(ISSUER),
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def with_status(*, revocation: int = 11, suspension: int = 12) -> JsonObject:
    """Return a credential with the two status entries of the default profile."""
    entries: list[JsonValue] = [
        StatusEntry(purpose=REVOCATION, list_url=REVOCATION_LIST, index=revocation).as_json(),
        StatusEntry(purpose=SUSPENSION, list_url=SUSPENSION_LIST, index=suspension).as_json(),
    ]
    return a_credential(credentialStatus=entries)


def signed(
    document: JsonObject, signer: Signer = ISSUER, *, method: str | None = None
) -> JsonObject:
    """Return the document with a proof of the JCS suite that goes with the key."""
    suite = EDDSA_JCS_2022 if signer.algorithm == ED25519 else ECDSA_JCS_2019
    options = ProofOptions(verification_method=method or method_of(signer), created=ISSUED)
    return add_proof(document, suite=suite, signer=signer, options=options)


def without(document: JsonObject, *names: str) -> JsonObject:
    """Return a document without some of its members."""
    return {name: value for name, value in document.items() if name not in names}


def proof_of(document: JsonObject) -> JsonObject:
    """Return the one proof of a document."""
    proof = document["proof"]
    assert isinstance(proof, dict)
    return proof


def as_text(document: JsonObject) -> str:
    """Return a document as it would be sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def signed_text(document: JsonObject, signer: Signer = ISSUER) -> str:
    """Return the signed document as it would be sent."""
    return as_text(signed(document, signer))


def a_token(document: JsonObject, signer: Signer = ISSUER) -> str:
    """Return the document as vc+jwt."""
    return sign_vc_jwt(document, signer, kid=method_of(signer))


def a_list(
    url: str = REVOCATION_LIST,
    purpose: str = REVOCATION,
    *,
    set_at: tuple[int, ...] = (),
    issuer: Ed25519Signer = ISSUER,
    **changes: JsonValue,
) -> JsonObject:
    """Return an unsigned status list credential with some indexes set."""
    bits = new_bits()
    for index in set_at:
        set_bit(bits, index, 1)
    credential = build_status_list_credential(
        url=url,
        issuer=did_of(issuer),
        purpose=purpose,
        encoded_list=encode_list(bits),
        valid_from=ISSUED,
    )
    return {**credential, **changes}


@dataclass(slots=True)
class FakeResolvers:
    """Answers from what a test put in; everything else is unreachable."""

    did_documents: dict[str, JsonObject] = field(default_factory=dict)
    status_lists: dict[str, bytes | str] = field(default_factory=dict)
    schemas: dict[str, bytes | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def did_document(self, did: str) -> JsonObject:
        """Return the document that was put in."""
        self.asked.append(did)
        if did not in self.did_documents:
            raise DidUnresolvable(did)
        return self.did_documents[did]

    def status_list(self, url: str) -> bytes | str:
        """Return the list that was put in."""
        self.asked.append(url)
        if url not in self.status_lists:
            raise StatusListUnreachable
        return self.status_lists[url]

    def schema(self, url: str) -> bytes | str:
        """Return the schema that was put in."""
        self.asked.append(url)
        if url not in self.schemas:
            raise SchemaUnreachable
        return self.schemas[url]


def clear_lists() -> FakeResolvers:
    """Return resolvers that know both lists of `with_status`, with nothing set."""
    return FakeResolvers(
        status_lists={
            REVOCATION_LIST: signed_text(a_list()),
            SUSPENSION_LIST: signed_text(a_list(SUSPENSION_LIST, SUSPENSION)),
        }
    )


def verified(
    raw: bytes | str,
    resolvers: FakeResolvers | None = None,
    *,
    now: datetime = NOW,
    policy: Policy = DEFAULT_POLICY,
) -> Verification:
    """Return the verification of a text at the tests' instant."""
    return verify(raw, resolvers=resolvers or FakeResolvers(), now=now, policy=policy)


def codes_of(verification: Verification) -> set[str]:
    """Return the codes of the checks that failed or stayed open."""
    return {check.code for check in verification.report.failures}
