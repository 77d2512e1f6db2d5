"""Contexts are not signed by RDF cryptosuites: what a bearer could do with that, and cannot."""

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import EDDSA_RDFC_2022, ProofSuite
from skillpassport.vc.verify import Verification
from skillpassport.vc.vocabulary import OPEN_BADGES_3, TERMS
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    a_credential,
    as_text,
    clear_lists,
    codes_of,
    method_of,
    signed,
    verified,
    with_status,
)
from tests.support.json_ld import EXAMPLES, V2, VOCAB, about

STATUS = "https://www.w3.org/2018/credentials#credentialStatus"
TWO_TERMS: JsonObject = {"granted": "urn:t:1", "refused": "urn:t:2"}
TRADED: JsonObject = {"granted": "urn:t:2", "refused": "urn:t:1"}
NAMED: JsonObject = {"granted": "urn:t:granted", "refused": {"@id": "urn:t#refused"}}

ACCREDITED = TERMS["accreditedFor"]
assert isinstance(ACCREDITED, dict)
SCOPED = ACCREDITED["@context"]
assert isinstance(SCOPED, dict)
FEWER = {name: term for name, term in SCOPED.items() if name != "fields"}


def secured(document: JsonObject, suite: ProofSuite = EDDSA_RDFC_2022) -> JsonObject:
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    return add_proof(document, suite=suite, signer=ISSUER, options=options)


def verification_of(document: JsonObject) -> Verification:
    return verified(as_text(document), clear_lists())


def with_subject(document: JsonObject, subject: JsonValue, *contexts: JsonValue) -> JsonObject:
    return {**document, "@context": [V2, *contexts], "credentialSubject": subject}


@pytest.mark.parametrize(
    "document",
    [
        a_credential(),
        with_status(),
        about({"id": "urn:a", "alumniOf": "x"}, EXAMPLES),
        about({"id": "urn:a", "anything": "x"}, VOCAB),
        about({"id": "urn:a"}, {"@vocab": "https://a.example/", "@version": 1.1}),
        about({"id": "urn:a"}, OPEN_BADGES_3, TERMS, sandbox=True),
        about({"id": "urn:a"}, {name: t for name, t in TERMS.items() if name != "sandbox"}),
        about({"id": "urn:a"}, {**TERMS, "accreditedFor": {**ACCREDITED, "@context": FEWER}}),
        about({"id": "urn:a", "inner": {"@context": VOCAB, "p": "x"}}, VOCAB),
        about({"id": "urn:a", "granted": "1", "refused": "2"}, NAMED),
        about({"id": "urn:a", "type": "Welder"}, {"Welder": "https://a.example/terms#Welder"}),
        about({"id": "urn:a", "granted": "urn:b"}, {**VOCAB, "granted": {"@type": "@id"}}),
        about({"id": "urn:a"}, {}),
    ],
    ids=[
        "plain",
        "status",
        "examples",
        "vocabulary",
        "with version",
        "our terms",
        "fewer of them",
        "fewer within them",
        "nested",
        "terms that their IRIs end with",
        "a type of its own",
        "a term under the vocabulary",
        "nothing",
    ],
)
def test_a_document_with_contexts_that_nobody_can_bend_is_valid(document: JsonObject) -> None:
    verification = verification_of(secured(document))
    assert verification.report.verdict is Verdict.VALID, codes_of(verification)


def test_two_claims_that_trade_places_do_not_make_a_valid_document() -> None:
    """The statements and so the signature are the same; only their names have changed."""
    original = secured(about({"id": "urn:a", "granted": "1", "refused": "2"}, TWO_TERMS))
    traded = with_subject(original, {"id": "urn:a", "granted": "2", "refused": "1"}, TRADED)
    for document in (original, traded):
        verification = verification_of(document)
        assert verification.report.verdict is Verdict.UNDETERMINED
        assert codes_of(verification) == {"context-not-vouched-for"}
    # Under a JCS suite contexts are signed: the original is valid, the other is not.
    original = signed(about({"id": "urn:a", "granted": "1", "refused": "2"}, TWO_TERMS))
    assert verification_of(original).report.verdict is Verdict.VALID
    traded = with_subject(original, {"id": "urn:a", "granted": "2", "refused": "1"}, TRADED)
    assert verification_of(traded).report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "context",
    [
        TWO_TERMS,
        {"@vocab": "https://vocab.example/last"},
        {**VOCAB, "granted": "urn:t:refused"},
        {**VOCAB, "@language": "en"},
        {**VOCAB, "@base": "https://a.example/"},
        {**TERMS, "another": "urn:t:other"},
        {"granted": "urn:t:refused", "refused": "urn:t:granted"},
        {"granted": {"@id": "urn:t:granted", "@container": "@graph"}},
        {"granted": {"@reverse": "urn:t:granted"}},
        {"prefix": "https://a.example/terms#"},
        {"own": "@id"},
        {"granted": "granted"},
        {"granted": "https://a.examplegranted"},
        {"encodedList": "urn:t:encodedList"},
        {**TERMS, "sandbox": TERMS["accreditation"]},
        {**TERMS, "accreditedFor": {**ACCREDITED, "@context": {**SCOPED, "levels": "urn:other"}}},
        {**TERMS, "accreditedFor": {**ACCREDITED, "@context": None}},
    ],
    ids=[
        "terms", "a half word", "vocabulary and term", "language", "base", "more than ours",
        "traded", "graph", "reverse", "prefix", "keyword", "no IRI", "no vocabulary",
        "published besides", "ours bent", "ours bent within", "ours cut off",
    ],
)  # fmt: skip
def test_a_context_that_its_bearer_could_have_written_leaves_the_verdict_open(
    context: JsonObject,
) -> None:
    for document in (
        about({"id": "urn:a"}, EXAMPLES, context),
        about({"id": "urn:a", "inner": {"@context": context, "id": "urn:b"}}, EXAMPLES, VOCAB),
    ):
        verification = verification_of(secured(document))
        assert verification.report.verdict is Verdict.UNDETERMINED
        assert codes_of(verification) == {"context-not-vouched-for"}
        assert not verification.report.verified()


def test_claims_whose_terms_are_the_ends_of_their_iris_cannot_trade_places() -> None:
    original = secured(about({"id": "urn:a", "granted": "1", "refused": "2"}, NAMED))
    assert verification_of(original).report.verdict is Verdict.VALID
    traded: JsonObject = {"granted": {"@id": "urn:t#refused"}, "refused": "urn:t:granted"}
    swapped = with_subject(original, {"id": "urn:a", "granted": "2", "refused": "1"}, traded)
    assert codes_of(verification_of(swapped)) == {"context-not-vouched-for"}
    told = with_subject(original, {"id": "urn:a", "granted": "2", "refused": "1"}, NAMED)
    assert verification_of(told).report.verdict is Verdict.INVALID


def test_a_word_may_not_be_made_of_another_by_moving_the_end_of_the_vocabulary() -> None:
    """`lastname` under `…#` and `name` under `…#last` are the same statement."""
    original = secured(about({"id": "urn:a", "firstword": "x"}, {"@vocab": "urn:v:"}))
    assert verification_of(original).report.verdict is Verdict.VALID
    bent = with_subject(original, {"id": "urn:a", "word": "x"}, {"@vocab": "urn:v:first"})
    assert verification_of(bent).report.verdict is Verdict.UNDETERMINED


HIDDEN: list[tuple[str, dict[str, JsonValue]]] = [
    ("under its IRI", {STATUS: with_status()["credentialStatus"]}),
    ("in an included block",
     {"@included": {"id": a_credential()["id"], "credentialStatus": with_status()["credentialStatus"]}}),
    ("in a nest", {"@nest": {"credentialStatus": with_status()["credentialStatus"]}}),
    ("further down", {"credentialSubject": [
        with_status()["credentialSubject"],
    ], "evidence": {"id": a_credential()["id"], "type": "VerifiableCredential",
                    "credentialStatus": with_status()["credentialStatus"]}}),
]  # fmt: skip


@pytest.mark.parametrize("moved", [row[1] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_a_status_cannot_be_moved_out_of_sight(moved: dict[str, JsonValue]) -> None:
    """For a reader of JSON the credential would have no status, and so not be revoked."""
    original = secured(with_status())
    assert verification_of(original).report.verdict is Verdict.VALID
    hidden = {name: value for name, value in original.items() if name != "credentialStatus"} | moved
    verification = verification_of(hidden)
    assert verification.report.verdict is Verdict.INVALID
    assert codes_of(verification) & {"json-ld-member-disguised", "proof-invalid"}


RENAMING: list[tuple[str, JsonValue, str]] = [
    ("a term of its own", {"note": STATUS}, "note"),
    ("an object for a term", {"note": {"@id": STATUS, "@type": "@id"}}, "note"),
    ("half a vocabulary", {"@vocab": STATUS.removesuffix("Status"), "x": "urn:x"}, "Status"),
    ("a prefix", {"w3c": {"@id": STATUS.removesuffix("Status"), "@prefix": True}}, "w3c:Status"),
    ("a term through a prefix", {"w": "https://www.w3.org/2018/credentials#", "note": "w:credentialStatus"}, "note"),
    ("a term of a type", {"VerifiableLicence": {"@id": "urn:t", "@context": {"note": STATUS}}}, "note"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("context", "name"), [row[1:] for row in RENAMING], ids=[row[0] for row in RENAMING]
)
def test_a_status_cannot_be_given_another_name(context: JsonValue, name: str) -> None:
    """Refused, and not left open: who overlooks the doubt about contexts must not overlook a status."""
    original = secured({**with_status(), "type": ["VerifiableCredential", "VerifiableLicence"],
                        "@context": [V2, {"VerifiableLicence": "urn:t"}]})  # fmt: skip
    renamed = {
        name if each == "credentialStatus" else each: value for each, value in original.items()
    }
    contexts: list[JsonValue] = [V2, {"VerifiableLicence": "urn:t"}, context]
    verification = verification_of({**renamed, "@context": contexts})
    assert codes_of(verification) == {"json-ld-member-disguised"}
    assert verification.report.verdict is Verdict.INVALID
    kept = verification_of({**original, "@context": contexts})
    assert codes_of(kept) == {"context-not-vouched-for"}


@pytest.mark.parametrize("member", ["validUntil", "validFrom", "credentialSchema", "termsOfUse"])
def test_no_member_that_governs_a_credential_can_be_given_another_name(member: str) -> None:
    values: dict[str, JsonValue] = {
        "validUntil": "2026-11-02T00:00:00Z",
        "validFrom": "2027-11-02T00:00:00Z",
        "credentialSchema": {"id": "urn:s", "type": "urn:kind"},
        "termsOfUse": {"id": "urn:s", "type": "urn:kind"},
    }
    original = secured({**a_credential(), member: values[member]})
    iri = f"https://www.w3.org/2018/credentials#{member}"
    typed: JsonObject = {"@id": iri, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    renamed = {"note" if each == member else each: value for each, value in original.items()}
    context: JsonObject = {"note": typed if "valid" in member else iri}
    bent = verification_of({**renamed, "@context": [V2, context]})
    assert codes_of(bent) == {"json-ld-member-disguised"}


def test_the_end_of_a_credential_cannot_be_moved_out_of_sight() -> None:
    original = secured(a_credential(validUntil="2026-11-02T00:00:00Z"))
    hidden = {name: value for name, value in original.items() if name != "validUntil"}
    moved: JsonObject = {
        "https://www.w3.org/2018/credentials#validUntil": {
            "@value": "2026-11-02T00:00:00Z",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        }
    }
    assert "json-ld-member-disguised" in codes_of(verification_of(hidden | moved))


@pytest.mark.parametrize(
    ("contexts", "outcome"),
    [
        ([V2, EXAMPLES], Outcome.PASSED),  # states the same, and what it adds is published
        ([V2, OPEN_BADGES_3], Outcome.PASSED),
        ([V2, "https://vocab.example/unknown"], Outcome.UNCHECKED),
        ([V2, {"name": "urn:other"}], Outcome.FAILED),  # protected
        ([V2, {"@vocab": "urn:v:"}], Outcome.PASSED),
        ([], Outcome.FAILED),
    ],
)
def test_contexts_that_were_swapped_after_signing(
    contexts: list[JsonValue], outcome: Outcome
) -> None:
    original = secured(a_credential())
    verification = verification_of({**original, "@context": contexts})
    (proof,) = [check for check in verification.report.checks if check.name == "proof"]
    assert proof.outcome is outcome
    if outcome is not Outcome.PASSED:
        assert verification.report.verdict is not Verdict.VALID


def test_an_appended_context_that_changes_what_is_said_breaks_the_signature() -> None:
    document = about({"id": "urn:a", "word": "x"}, VOCAB)
    original = secured(document)
    for contexts in ([V2, EXAMPLES], [V2, VOCAB, EXAMPLES], [V2, {"@vocab": "urn:other:"}]):
        verification = verification_of({**original, "@context": [*contexts]})
        assert codes_of(verification) == {"proof-invalid"}


def test_a_poison_document_is_not_said_to_be_forged_but_to_be_too_intricate() -> None:
    twins: list[JsonValue] = [{"q": [{} for _ in range(12)]} for _ in range(2)]
    document: JsonObject = {
        **about({"id": "urn:a", "p": twins}, VOCAB),
        "proof": secured(a_credential())["proof"],
    }
    verification = verification_of(document)
    assert codes_of(verification) == {"dataset-too-complex"}
    assert verification.report.verdict is Verdict.UNDETERMINED
