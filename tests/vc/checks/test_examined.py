"""What is remembered of octets hides nothing that has changed since."""

from datetime import datetime, timedelta

import pytest

from skillpassport.vc.checks.examined import MAX_REMEMBERED_BYTES
from skillpassport.vc.did import DidUnresolvable
from skillpassport.vc.effort import is_light
from skillpassport.vc.jose import Jws, parse_jws, sign_vc_jwt
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.multibase import decode_base64url, encode_base64url
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Memory, Policy, Verification, verify
from tests.support.credentials import ISSUER, NOW, STRANGER, a_credential

DID = "did:web:issuer.example"
METHOD = f"{DID}#key-1"
POLICY = Policy()


class Documents:
    """Resolvers over one DID document that a test changes."""

    def __init__(self, document: JsonObject | None = None) -> None:
        self.document: JsonObject | None = document or a_document()
        self.asked = 0

    def did_document(self, did: str) -> JsonObject:
        self.asked += 1
        if self.document is None:
            raise DidUnresolvable(did)
        return self.document

    def status_list(self, url: str) -> bytes:
        raise AssertionError(url)

    def schema(self, url: str) -> bytes:
        raise AssertionError(url)


def a_document(signer: Ed25519Signer = ISSUER, **members: str) -> JsonObject:
    return {
        "id": DID,
        "verificationMethod": [
            {
                "id": METHOD,
                "type": "Multikey",
                "controller": DID,
                "publicKeyMultibase": signer.public_key.multikey,
                **members,
            }
        ],
        "assertionMethod": [METHOD],
    }


def a_token(**changes: str) -> str:
    return sign_vc_jwt(a_credential(issuer=DID, **changes), ISSUER, kid=METHOD)


TOKEN = a_token()


@pytest.fixture
def memory() -> Memory:
    return Memory()


def ask(
    memory: Memory,
    documents: Documents,
    token: str = TOKEN,
    *,
    now: datetime = NOW,
    policy: Policy = POLICY,
) -> Verification:
    return verify(token, resolvers=documents, now=now, policy=policy, memory=memory)


def test_the_second_report_is_the_first_one(memory: Memory) -> None:
    documents = Documents()
    first, second = ask(memory, documents), ask(memory, documents)
    assert first.report.verdict is Verdict.VALID
    assert first == second == verify(TOKEN, resolvers=documents, now=NOW, policy=POLICY)
    assert first.document is second.document


def test_the_key_is_asked_for_each_time(memory: Memory) -> None:
    documents = Documents()
    for _ in range(3):
        ask(memory, documents)
    assert documents.asked == 3


@pytest.mark.parametrize(
    "changed",
    [
        a_document(revoked="2020-01-01T00:00:00Z"),
        a_document(STRANGER),
        a_document() | {"assertionMethod": []},
        a_document() | {"verificationMethod": []},
        None,
    ],
    ids=["revoked", "another key", "not for this purpose", "withdrawn", "out of reach"],
)
def test_a_key_that_is_no_longer_good_is_noticed_at_once(
    memory: Memory, changed: JsonObject | None
) -> None:
    documents = Documents()
    for _ in range(2):
        assert ask(memory, documents).report.verdict is Verdict.VALID
    documents.document = changed
    assert ask(memory, documents).report.verdict is not Verdict.VALID
    documents.document = a_document()
    assert ask(memory, documents).report.verdict is Verdict.VALID


def test_a_key_ends_by_the_clock_alone(memory: Memory) -> None:
    end = NOW + timedelta(hours=1)
    documents = Documents(a_document(expires=end.isoformat()))
    assert ask(memory, documents).report.verdict is Verdict.VALID
    assert ask(memory, documents, now=end).report.verdict is Verdict.INVALID


def test_a_credential_ends_by_the_clock_alone(memory: Memory) -> None:
    token, documents = a_token(validUntil=(NOW + timedelta(days=1)).isoformat()), Documents()
    assert ask(memory, documents, token).report.verdict is Verdict.VALID
    later = NOW + timedelta(days=2)
    assert ask(memory, documents, token, now=later).report.verdict is Verdict.INVALID


def test_another_policy_judges_anew(memory: Memory) -> None:
    documents = Documents()
    ask(memory, documents)
    none_allowed = Policy(jws_algorithms=frozenset())
    assert ask(memory, documents, policy=none_allowed).report.verdict is Verdict.INVALID
    no_method = Policy(did_methods=frozenset({"key"}))
    assert ask(memory, documents, policy=no_method).report.verdict is Verdict.UNDETERMINED


def test_a_bent_token_is_not_taken_for_the_one_that_was_seen(memory: Memory) -> None:
    documents = Documents()
    ask(memory, documents)
    head, payload, signature = TOKEN.split(".")
    for bent in (f"{head}.{payload}.{signature[::-1]}", f"{head}.{payload[:-4]}.{signature}"):
        for _ in range(2):
            assert ask(memory, documents, bent).report.verdict is not Verdict.VALID


def test_nothing_is_remembered_unless_a_memory_is_brought() -> None:
    documents = Documents()
    first = verify(TOKEN, resolvers=documents, now=NOW)
    assert first.document is not None
    first.document["name"] = "changed by its reader"
    assert verify(TOKEN, resolvers=documents, now=NOW).document != first.document


def test_the_memory_is_bounded_in_number_and_in_size() -> None:
    memory, documents = Memory(max_entries=2), Documents()
    tokens = [a_token(name=str(number)) for number in range(3)]
    first = [ask(memory, documents, token).document for token in tokens]
    again = [ask(memory, documents, token).document for token in reversed(tokens)]
    assert [one is other for one, other in zip(first, reversed(again), strict=True)] == [
        False,
        True,
        True,
    ]
    large = a_token(description="x" * MAX_REMEMBERED_BYTES)
    assert ask(memory, documents, large).document is not ask(memory, documents, large).document


def test_a_token_is_taken_apart_once_to_be_judged_and_verified(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_apart: list[str] = []

    def watched(token: str) -> Jws:
        taken_apart.append(token)
        return parse_jws(token)

    monkeypatch.setattr("skillpassport.vc.recognition.parse_jws", watched)
    assert is_light(TOKEN, POLICY, memory)
    assert ask(memory, Documents()).report.verdict is Verdict.VALID
    assert taken_apart == [TOKEN]


def test_what_was_taken_apart_is_not_taken_for_another_text(memory: Memory) -> None:
    other = a_token(id="urn:example:other")
    assert is_light(other, POLICY, memory)
    found = ask(memory, Documents())
    assert found == verify(TOKEN, resolvers=Documents(), now=NOW, policy=POLICY)


def test_a_record_is_seen_through_escapes(memory: Memory) -> None:
    written = a_token(type=["VerifiableCredential", "ClrCredential"])  # type: ignore[arg-type]
    header, payload, signature = written.split(".")
    escaped = decode_base64url(payload).replace(b"ClrCredential", b"Clr\\u0043redential")
    for token in (written, f"{header}.{encode_base64url(escaped)}.{signature}"):
        assert not is_light(token, POLICY, memory)
