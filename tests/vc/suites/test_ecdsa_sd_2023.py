"""ecdsa-sd-2023: nothing is shown that was not signed."""

import time
from collections.abc import Callable, Sequence

import cbor2
import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.keys import EcdsaSigner, PublicKey
from skillpassport.vc.multibase import (
    decode_multibase64url,
    encode_multibase64url,
)
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.suites.protocol import ProofInvalid, ProofMalformed
from skillpassport.vc.suites.selection import SelectionRefused, name_nodes, select
from skillpassport.vc.verify import Policy
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    P256_ISSUER,
    P384_ISSUER,
    a_credential,
    as_text,
    did_of,
    method_of,
    proof_of,
    verified,
    without,
)

DERIVED, BASE = b"\xd9\x5d\x01", b"\xd9\x5d\x00"


SUITE = EcdsaSd2023(mandatory_pointers=("/issuer", "/validFrom"))
SUBJECT: JsonObject = {
    "id": "urn:uuid:1",
    "degree": {"type": "ExampleDegree", "name": "Welder"},
    "skills": [{"name": "MIG"}, {"name": "TIG"}, {"name": "ARC"}],
}
VOCABULARY: list[JsonValue] = [
    "https://www.w3.org/ns/credentials/v2",
    {"@vocab": "https://vocab.example/"},
]


def a_document(**changes: JsonValue) -> JsonObject:
    members: JsonObject = {"@context": VOCABULARY, "credentialSubject": SUBJECT, **changes}
    return a_credential(issuer=did_of(P256_ISSUER), **members)


def issued(document: JsonObject | None = None, suite: EcdsaSd2023 = SUITE) -> JsonObject:
    options = ProofOptions(verification_method=method_of(P256_ISSUER), created=ISSUED)
    return add_proof(document or a_document(), suite=suite, signer=P256_ISSUER, options=options)


def derived(*pointers: str, secured: JsonObject | None = None) -> JsonObject:
    secured = secured or issued()
    return SUITE.derive(without(secured, "proof"), proof_of(secured), pointers)


SHOWN_NAME = ("/credentialSubject/skills/1/name",)


def test_only_what_was_chosen_is_shown_and_it_verifies() -> None:
    secured = issued()
    SUITE.verify_base(without(secured, "proof"), proof_of(secured), P256_ISSUER.public_key)
    shown = derived(*SHOWN_NAME, secured=secured)
    subject = shown["credentialSubject"]
    assert subject == {"id": "urn:uuid:1", "skills": [{"name": "TIG"}]}
    verification = verified(as_text(shown))
    assert verification.report.verdict is Verdict.VALID, verification.report.failures
    everything = derived("/credentialSubject", "/name", secured=secured)
    assert everything["credentialSubject"] == SUBJECT
    assert verified(as_text(everything)).report.verdict is Verdict.VALID


@pytest.mark.parametrize(
    "pointers",
    [
        ["/credentialSubject/degree"],
        ["/credentialSubject/degree/name", "/credentialSubject/skills/0"],
        ["/credentialSubject/skills/2", "/credentialSubject/skills/0/name"],
        ["/credentialSubject/skills", "/credentialSubject/skills/1/name"],
        ["/name"],
        ["/type", "/id"],
        ["/credentialSubject"],
        [],
    ],
    ids=str,
)
def test_any_selection_verifies_and_states_no_more(pointers: list[str]) -> None:
    shown = derived(*pointers)
    part = select(a_document(), ["/issuer", "/validFrom", *pointers])
    assert without(shown, "proof") == part
    key = P256_ISSUER.public_key
    assert SUITE.verify(without(shown, "proof"), proof_of(shown), key)


def test_a_base_proof_is_not_for_verifiers() -> None:
    """Its HMAC key would let them guess what is not disclosed."""
    verification = verified(as_text(issued()))
    assert verification.report.verdict is Verdict.INVALID
    assert "proof-malformed" in {check.code for check in verification.report.failures}


def test_language_maps_and_json_are_no_nodes() -> None:
    context: JsonObject = {
        "@vocab": "https://vocab.example/",
        "titles": {"@id": "https://vocab.example/titles", "@container": "@language"},
        "raw": {"@id": "https://vocab.example/raw", "@type": "@json"},
    }
    subject: JsonObject = {
        "titles": {"fr": "Soudeur"},
        "raw": {"x": {"y": 1}},
        "home": {"town": "Tema"},
    }
    document = a_document(**{"@context": [VOCABULARY[0], context]}, credentialSubject=subject)
    named = name_nodes(document, None)
    assert len(named.blanks) == 2
    shown = derived("/credentialSubject/home/town", secured=issued(document))
    assert shown["credentialSubject"] == {"home": {"town": "Tema"}}
    assert SUITE.verify(without(shown, "proof"), proof_of(shown), P256_ISSUER.public_key)


def test_an_ordered_list_is_refused() -> None:
    context: JsonObject = {
        "@vocab": "https://vocab.example/",
        "steps": {"@id": "https://vocab.example/steps", "@container": "@list"},
    }
    document = a_document(
        **{"@context": [VOCABULARY[0], context]}, credentialSubject={"steps": ["a", "b"]}
    )
    with pytest.raises(SelectionRefused):
        issued(document)


@pytest.mark.parametrize(
    "pointer",
    ["", "issuer", "#/issuer", "/nothing", "/credentialSubject/skills/3",
     "/credentialSubject/skills/-", "/credentialSubject/skills/01", "/credentialSubject/skills/-1",
     "/name/x", "/credentialSubject/skills/x", "/issuer/", "//"],
)  # fmt: skip
def test_a_pointer_that_leads_nowhere_is_refused(pointer: str) -> None:
    with pytest.raises(SelectionRefused):
        derived(pointer)
    with pytest.raises(SelectionRefused):
        issued(suite=EcdsaSd2023(mandatory_pointers=(pointer,)))


def test_names_with_marks_of_pointers_are_found() -> None:
    document: JsonObject = {"a/b": {"m~n": 1, "": 2}}
    assert select(document, ["/a~1b/m~0n"]) == {"a/b": {"m~n": 1}}
    assert select(document, ["/a~1b/"]) == {"a/b": {"": 2}}


Change = Callable[[JsonObject], JsonObject]


def subject_with(**members: JsonValue) -> Change:
    def change(shown: JsonObject) -> JsonObject:
        subject = shown["credentialSubject"]
        assert isinstance(subject, dict)
        return {**shown, "credentialSubject": {**subject, **members}}

    return change


def with_components(edit: Callable[[list[object]], object]) -> Change:
    """Return a change of the CBOR components of the derived proof."""

    def change(shown: JsonObject) -> JsonObject:
        proof = proof_of(shown)
        data = decode_multibase64url(str(proof["proofValue"])).removeprefix(DERIVED)
        components = cbor2.loads(data)
        edited = edit(components)
        value = encode_multibase64url(DERIVED + cbor2.dumps(edited or components))
        return {**shown, "proof": {**proof, "proofValue": value}}

    return change


def set_at(position: int, value: object) -> Change:
    def edit(components: list[object]) -> None:
        components[position] = value

    return with_components(edit)


def drop_last(position: int) -> Change:
    def edit(components: list[object]) -> None:
        entry = components[position]
        assert isinstance(entry, list)
        entry.pop()

    return with_components(edit)


def swap_signatures(components: list[object]) -> None:
    signatures = components[2]
    assert isinstance(signatures, list)
    signatures.reverse()


def swap_labels(components: list[object]) -> None:
    labels = components[3]
    assert isinstance(labels, dict)
    components[3] = dict(zip(labels, reversed(list(labels.values())), strict=True))


def merge_labels(components: list[object]) -> None:
    labels = components[3]
    assert isinstance(labels, dict)
    components[3] = dict.fromkeys(labels, next(iter(labels.values())))


def with_raw(edit: Callable[[bytes], bytes]) -> Change:
    def change(shown: JsonObject) -> JsonObject:
        proof = proof_of(shown)
        value = encode_multibase64url(edit(decode_multibase64url(str(proof["proofValue"]))))
        return {**shown, "proof": {**proof, "proofValue": value}}

    return change


def proof_with(**members: JsonValue) -> Change:
    return lambda shown: {**shown, "proof": {**proof_of(shown), **members}}


STRANGERS_KEY = b"\x80\x24" + EcdsaSigner.generate().public_key.raw
TAMPERED: list[tuple[str, Change]] = [
    ("a claim changed", subject_with(skills=[{"name": "Surgeon"}])),
    ("a claim added", subject_with(rank="master")),
    ("a claim removed", subject_with(skills=[])),
    ("a node split in two", subject_with(skills=[{"name": "TIG"}, {"name": "TIG"}])),
    ("another subject", subject_with(id="urn:uuid:2")),
    ("a mandatory claim changed", lambda s: {**s, "validFrom": "2020-01-01T00:00:00Z"}),
    ("a mandatory claim removed", lambda s: without(s, "validFrom")),
    ("another type", lambda s: {**s, "type": ["VerifiableCredential", "Other"]}),
    ("another vocabulary", lambda s: {**s, "@context": [VOCABULARY[0], {"@vocab": "https://other.example/"}]}),
    ("another date", proof_with(created="2026-11-02T00:00:00Z")),
    ("an added challenge", proof_with(challenge="x")),
    ("a signature less", drop_last(2)),
    ("signatures swapped", with_components(swap_signatures)),
    ("labels swapped", with_components(swap_labels)),
    ("labels merged", with_components(merge_labels)),
    ("no labels", set_at(3, {})),
    ("labels of other nodes", set_at(3, {7: bytes(32), 8: bytes(31) + b"x"})),
    ("a label negative", set_at(3, {-1: bytes(32), 0: bytes(31) + b"x"})),
    ("a label short", set_at(3, {0: bytes(31), 1: bytes(32)})),
    ("labels a list", set_at(3, [])),
    ("nothing mandatory", set_at(4, [])),
    ("everything mandatory", set_at(4, list(range(12)))),
    ("an index beyond", set_at(4, [0, 4000])),
    ("an index negative", set_at(4, [-1])),
    ("an index twice", set_at(4, [0, 0])),
    ("an index a boolean", set_at(4, [True])),
    ("the proof's key exchanged", set_at(1, STRANGERS_KEY)),
    ("a key off the curve", set_at(1, b"\x80\x24\x02" + b"\xff" * 32)),
    ("a key of another kind", set_at(1, b"\xed\x01" + bytes(33))),
    ("a key a text", set_at(1, "x")),
    ("base signature of zeros", set_at(0, bytes(64))),
    ("base signature short", set_at(0, bytes(63))),
    ("signatures a map", set_at(2, {})),
    ("a signature a text", set_at(2, ["x"])),
    ("four components", with_components(lambda c: c[:4])),
    ("six components", with_components(lambda c: [*c, 1])),
    ("a map of components", with_components(lambda c: dict(enumerate(c)))),
    ("a tag", with_components(lambda c: cbor2.CBORTag(1, c))),
    ("a shared value", with_components(lambda c: [c[0], c[1], c[2], c[3], cbor2.CBORTag(28, c[4])])),
    ("something after the end", with_raw(lambda data: data + b"\x00")),
    ("cut", with_raw(lambda data: data[:-1])),
    ("no CBOR", with_raw(lambda data: DERIVED + b"\xff")),
    ("nested without end", with_raw(lambda data: DERIVED + b"\x81" * 100_000)),
    ("an array of a terabyte", with_raw(lambda data: DERIVED + b"\x9b\x00\x00\x01" + bytes(5))),
    ("a pattern to compile", with_components(lambda c: [*c[:4], cbor2.CBORTag(35, "(a|b)" * 9)])),
    ("small items by the thousand", with_raw(lambda data: DERIVED + b"\x99\x75\x30" + bytes(30_000))),
    ("indefinite length", with_raw(lambda data: DERIVED + b"\x9f" + data[4:] + b"\xff")),
    ("header of a base proof", with_raw(lambda data: BASE + data[3:])),
    ("no header", with_raw(lambda data: data[3:])),
    ("empty", proof_with(proofValue="")),
    ("base58", proof_with(proofValue="z" + "1" * 60)),
    ("padded", lambda s: proof_with(proofValue=f"{proof_of(s)['proofValue']}==")(s)),
    ("huge", proof_with(proofValue="u" + "A" * 600_000)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), TAMPERED, ids=[row[0] for row in TAMPERED])
def test_what_was_not_signed_so_is_refused(name: str, change: Change) -> None:
    shown = derived("/credentialSubject/skills/1/name", "/credentialSubject/degree/name")
    key = P256_ISSUER.public_key
    assert SUITE.verify(without(shown, "proof"), proof_of(shown), key)
    tampered = change(shown)
    with pytest.raises((ProofInvalid, ProofMalformed, NotCanonicalizable)):
        SUITE.verify(without(tampered, "proof"), proof_of(tampered), key)
    assert verified(as_text(tampered)).report.verdict is not Verdict.VALID


def test_statements_of_two_credentials_do_not_mix() -> None:
    """Each proof has a key of its own, so that its signatures fit no other."""
    other = a_document(credentialSubject={**SUBJECT, "skills": [{"name": "A"}, {"name": "B"}]})
    first, second = derived(*SHOWN_NAME), derived(*SHOWN_NAME, secured=issued(other))
    mixed = {**second, "proof": proof_of(first)}
    with pytest.raises(ProofInvalid):
        SUITE.verify(without(mixed, "proof"), proof_of(mixed), P256_ISSUER.public_key)


@pytest.mark.parametrize("signer", [ISSUER, P384_ISSUER], ids=["Ed25519", "P-384"])
def test_only_p256_signs_and_verifies(signer: EcdsaSigner) -> None:
    options = ProofOptions(verification_method=method_of(signer), created=ISSUED)
    with pytest.raises(ProofMalformed):
        add_proof(a_document(), suite=SUITE, signer=signer, options=options)
    shown = derived(*SHOWN_NAME)
    other: Sequence[PublicKey] = [signer.public_key, EcdsaSigner.generate().public_key]
    for key in other:
        with pytest.raises(ProofInvalid):
            SUITE.verify(without(shown, "proof"), proof_of(shown), key)


def test_a_base_proof_of_another_document_is_noticed() -> None:
    secured = issued()
    document = without(secured, "proof")
    for tampered in ({**document, "name": "Surgeon"}, without(document, "name")):
        with pytest.raises(ProofInvalid):
            SUITE.verify_base(tampered, proof_of(secured), P256_ISSUER.public_key)
    with pytest.raises(ProofInvalid):
        SUITE.derive(without(document, "name"), proof_of(secured), SHOWN_NAME)
    shown = derived(*SHOWN_NAME)
    with pytest.raises(ProofMalformed):
        SUITE.derive(document, proof_of(shown), SHOWN_NAME)


def test_the_suite_is_used_only_where_it_is_allowed() -> None:
    shown = as_text(derived(*SHOWN_NAME))
    policy = Policy(cryptosuites=frozenset({"ecdsa-jcs-2019"}))
    assert verified(shown, policy=policy).report.verdict is Verdict.INVALID


def test_many_proofs_of_one_large_document_cost_little_more_than_one() -> None:
    """Statements are canonicalised once for all proofs, and a refusal is remembered as well."""
    skills: list[JsonValue] = [{"name": f"skill {number}"} for number in range(300)]
    document = a_document(credentialSubject={"id": "urn:x", "skills": skills})
    shown = derived("/credentialSubject", secured=issued(document))
    proof = proof_of(shown)
    repeated: JsonObject = {**shown, "proof": [{**proof, "id": f"urn:{n}"} for n in range(16)]}
    started = time.process_time()
    verified(as_text(repeated))
    assert time.process_time() - started < 40

    poison: JsonValue = [{"knows": [{}, {}, {}]} for _ in range(400)]
    refused: JsonObject = {**repeated, "credentialSubject": {"skills": poison}}
    started = time.process_time()
    assert verified(as_text(refused)).report.verdict is not Verdict.VALID
    assert time.process_time() - started < 40
