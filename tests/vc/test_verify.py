"""Verification as a whole: every hostile credential beside one that is accepted."""

import dataclasses
import json
from datetime import timedelta

import pytest

from skillpassport.clock import rfc3339
from skillpassport.vc import verify as verify_exported
from skillpassport.vc.bitstring_status import REVOCATION, SUSPENSION, StatusEntry
from skillpassport.vc.checks.schema_budget import check_work
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_jwk, own_verification_method
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.recognition import Form
from skillpassport.vc.report import PROOF_CHECKS, CheckName, Outcome, Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import EDDSA_JCS_2022
from skillpassport.vc.verify import DEFAULT_POLICY, Offline, Policy, verify, verify_document
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    REVOCATION_LIST,
    STRANGER,
    SUSPENSION_LIST,
    FakeResolvers,
    a_credential,
    a_list,
    a_token,
    as_text,
    clear_lists,
    codes_of,
    did_of,
    method_of,
    signed,
    signed_text,
    verified,
    with_status,
)
from tests.support.shared_data import shared_data

WEB = "did:web:issuer.example"
WEB_KEY = f"{WEB}#key-1"
SCHEMA = "https://issuer.example/schema.json"


def a_did_document(**changes: JsonValue) -> JsonObject:
    method: JsonObject = {
        "id": WEB_KEY,
        "type": "Multikey",
        "controller": WEB,
        "publicKeyMultibase": ISSUER.public_key.multikey,
    }
    method.update(changes)
    return {"id": WEB, "verificationMethod": [method], "assertionMethod": [WEB_KEY]}


def a_web_credential() -> str:
    return as_text(signed(a_credential(issuer=WEB), method=WEB_KEY))


def web(**changes: JsonValue) -> FakeResolvers:
    return FakeResolvers({WEB: a_did_document(**changes)})


def changed_proof(**changes: JsonValue) -> str:
    document = signed(a_credential())
    proof = document["proof"]
    assert isinstance(proof, dict)
    members = {**proof, **changes}
    return as_text({**document, "proof": {k: v for k, v in members.items() if v is not None}})


def proof_with(**changes: object) -> str:
    """Return a credential whose proof is honestly signed with other options."""
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    return as_text(
        add_proof(
            a_credential(),
            suite=EDDSA_JCS_2022,
            signer=ISSUER,
            options=dataclasses.replace(options, **changes),  # type: ignore[arg-type]
        )
    )


def lists(**changes: bytes | str) -> FakeResolvers:
    resolvers = clear_lists()
    names = {"revocation": REVOCATION_LIST, "suspension": SUSPENSION_LIST}
    resolvers.status_lists |= {names[name]: text for name, text in changes.items()}
    return resolvers


def instant(**ahead: int) -> str:
    return rfc3339(NOW + timedelta(**ahead))


def with_schema(schema: JsonValue) -> tuple[str, FakeResolvers]:
    document = a_credential(credentialSchema={"id": SCHEMA, "type": "JsonSchema"})
    return signed_text(document), FakeResolvers(schemas={SCHEMA: json.dumps(schema)})


def status_entry(**changes: JsonValue) -> JsonObject:
    entry = StatusEntry(purpose=REVOCATION, list_url=REVOCATION_LIST, index=11).as_json()
    return {**entry, **changes}


def with_entry(**changes: JsonValue) -> str:
    return signed_text(a_credential(credentialStatus=status_entry(**changes)))


def encoded_list(credential: JsonObject) -> str:
    subject = credential["credentialSubject"]
    assert isinstance(subject, dict)
    return str(subject["encodedList"])


def a_recursive_schema() -> JsonObject:
    branch: JsonObject = {
        "properties": {"credentialSubject": {"$ref": "#"}, "a": {"$ref": "#"}},
        "required": ["never"],
    }
    return {"anyOf": [branch, dict(branch)]}


def deep_subject() -> JsonObject:
    subject: JsonObject = {"a": {}}
    for _level in range(60):
        subject = {"a": subject}
    return subject


def the_recursive_case() -> tuple[str, FakeResolvers]:
    document = a_credential(
        credentialSubject=deep_subject(), credentialSchema={"id": SCHEMA, "type": "JsonSchema"}
    )
    schemas: dict[str, bytes | str] = {SCHEMA: json.dumps(a_recursive_schema())}
    return signed_text(document), FakeResolvers(schemas=schemas)


Case = tuple[str, FakeResolvers]
PLAIN = (signed_text(a_credential()), FakeResolvers())
TOKEN = (a_token(a_credential()), FakeResolvers())
LISTED = (signed_text(with_status()), clear_lists())
FROM_WEB = (a_web_credential(), web())
SCHEMED = with_schema({"type": "object", "required": ["issuer"]})

ACCEPTED: list[tuple[str, Case]] = [
    ("Data Integrity", PLAIN),
    ("vc+jwt", TOKEN),
    ("with two lists", LISTED),
    ("vc+jwt with two lists", (a_token(with_status()), clear_lists())),
    ("lists as vc+jwt", (LISTED[0], lists(revocation=a_token(a_list())))),
    ("did:web", FROM_WEB),
    ("did:jwk", (as_text(signed(a_credential(issuer=did_jwk(ISSUER.public_key)),
                                method=own_verification_method(did_jwk(ISSUER.public_key)))),
                 FakeResolvers())),
    ("issuer as an object", (signed_text(a_credential(issuer={"id": did_of(ISSUER)})),
                             FakeResolvers())),
    ("without dates", (signed_text(a_credential(validFrom=None)), FakeResolvers())),
    ("first instant", (signed_text(a_credential(validFrom=instant())), FakeResolvers())),
    ("last instant", (signed_text(a_credential(validUntil=instant())), FakeResolvers())),
    ("proof in an array", (as_text({**signed(a_credential()),
                                    "proof": [signed(a_credential())["proof"]]}),
                           FakeResolvers())),
    ("schema", SCHEMED),
    ("key that expires later", (a_web_credential(), web(expires=instant(days=1)))),
    ("inline context", (signed_text(a_credential() | {"@context": [
        "https://www.w3.org/ns/credentials/v2", {"hours": "https://vocab.example/#hours"}]}),
        FakeResolvers())),
]  # fmt: skip

FAILED, UNCHECKED = Verdict.INVALID, Verdict.UNDETERMINED
# name, what is brought, the code that must be among the answers, the verdict, its accepted control
HOSTILE: list[tuple[str, Case, str, Verdict, Case]] = [
    # whose key
    ("stranger's signature", (signed_text(a_credential(), STRANGER), FakeResolvers()),
     "issuer-key-mismatch", FAILED, PLAIN),
    ("stranger's token", (a_token(a_credential(), STRANGER), FakeResolvers()),
     "issuer-key-mismatch", FAILED, TOKEN),
    ("stranger's key under the issuer's name", (as_text(signed(a_credential(), STRANGER,
     method=method_of(ISSUER))), FakeResolvers()), "proof-invalid", FAILED, PLAIN),
    ("stranger's kid", (sign_vc_jwt(a_credential(), STRANGER, kid=method_of(ISSUER)),
     FakeResolvers()), "proof-invalid", FAILED, TOKEN),
    ("issuer swapped", (as_text({**signed(a_credential()), "issuer": did_of(STRANGER)}),
     FakeResolvers()), "proof-invalid", FAILED, PLAIN),
    ("issuer is a web page", (signed_text(a_credential(issuer="https://issuer.example")),
     FakeResolvers()), "issuer-key-mismatch", FAILED, PLAIN),
    ("DID as a prefix", (signed_text(a_credential(issuer=did_of(ISSUER) + "x")),
     FakeResolvers()), "issuer-key-mismatch", FAILED, PLAIN),
    ("key not listed", (a_web_credential(), web(id=f"{WEB}#key-2")),
     "verification-method-not-found", FAILED, FROM_WEB),
    ("key of another controller", (a_web_credential(), web(controller="did:web:b.example")),
     "verification-method-not-authorised", FAILED, FROM_WEB),
    ("key for another purpose", (a_web_credential(), FakeResolvers(
        {WEB: {**a_did_document(), "assertionMethod": []}})),
     "verification-method-not-authorised", FAILED, FROM_WEB),
    ("key expired", (a_web_credential(), web(expires=instant(days=-1))),
     "verification-method-expired", FAILED, FROM_WEB),
    ("key revoked", (a_web_credential(), web(revoked=instant(days=-1))),
     "verification-method-revoked", FAILED, FROM_WEB),
    ("key exchanged", (a_web_credential(), web(
        publicKeyMultibase=STRANGER.public_key.multikey)), "proof-invalid", FAILED, FROM_WEB),
    ("another document", (a_web_credential(), FakeResolvers({WEB: {"id": "did:web:b.example"}})),
     "did-invalid", FAILED, FROM_WEB),
    ("DID unreachable", (a_web_credential(), FakeResolvers()),
     "did-unreachable", UNCHECKED, FROM_WEB),
    ("DID method unknown", (as_text(signed(a_credential(issuer="did:example:1"),
     method="did:example:1#key")), FakeResolvers()), "did-method-unknown", UNCHECKED, FROM_WEB),
    ("method without fragment", (changed_proof(verificationMethod=did_of(ISSUER)),
     FakeResolvers()), "did-invalid", FAILED, PLAIN),
    ("method relative", (changed_proof(verificationMethod="#key"), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    # what was signed
    ("claim changed", (signed_text(a_credential()).replace("Welder", "Doctor"), FakeResolvers()),
     "proof-invalid", FAILED, PLAIN),
    ("claim added", (as_text({**signed(a_credential()), "description": "x"}), FakeResolvers()),
     "proof-invalid", FAILED, PLAIN),
    ("claim removed", (as_text({k: v for k, v in signed(a_credential()).items() if k != "name"}),
     FakeResolvers()), "proof-invalid", FAILED, PLAIN),
    ("status removed", (as_text({k: v for k, v in signed(with_status()).items()
     if k != "credentialStatus"}), clear_lists()), "proof-invalid", FAILED, LISTED),
    ("context put first", (as_text({**signed(a_credential()), "@context": [
     "https://vocab.example/", "https://www.w3.org/ns/credentials/v2"]}), FakeResolvers()),
     "proof-invalid", FAILED, PLAIN),
    ("inline context appended", (as_text({**signed(a_credential()), "@context": [
     "https://www.w3.org/ns/credentials/v2", {"hours": "https://evil.example/"}]}),
     FakeResolvers()), "proof-invalid", FAILED, PLAIN),
    ("unknown context appended", (as_text({**signed(a_credential()), "@context": [
     "https://www.w3.org/ns/credentials/v2", "https://evil.example/"]}), FakeResolvers()),
     "proof-invalid", FAILED, PLAIN),
    ("proof of another document", (as_text({**a_credential(name="Doctor"),
     "proof": signed(a_credential())["proof"]}), FakeResolvers()), "proof-invalid", FAILED, PLAIN),
    ("no proof", (as_text(a_credential()), FakeResolvers()), "proof-missing", FAILED, PLAIN),
    ("empty proofs", (as_text(a_credential(proof=[])), FakeResolvers()),
     "proof-missing", FAILED, PLAIN),
    ("proof is a text", (as_text(a_credential(proof="x")), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("second proof is rubbish", (as_text({**signed(a_credential()), "proof": [
     signed(a_credential())["proof"], {}]}), FakeResolvers()), "proof-malformed", FAILED, PLAIN),
    ("second proof does not hold", (as_text({**signed(a_credential()), "proof": [
     signed(a_credential())["proof"], signed(a_credential(name="x"))["proof"]]}),
     FakeResolvers()), "proof-invalid", FAILED, PLAIN),
    ("second proof of an unknown suite", (as_text({**signed(a_credential()), "proof": [
     signed(a_credential())["proof"], {"type": "DataIntegrityProof", "cryptosuite": "x"}]}),
     FakeResolvers()), "cryptosuite-not-allowed", FAILED, PLAIN),
    ("seventeen proofs", (as_text({**signed(a_credential()), "proof": [
     signed(a_credential())["proof"]] * 17}), FakeResolvers()), "proof-malformed", FAILED, PLAIN),
    ("unknown suite", (changed_proof(cryptosuite="eddsa-jcs-2099"), FakeResolvers()),
     "cryptosuite-not-allowed", FAILED, PLAIN),
    ("suite missing", (changed_proof(cryptosuite=None), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("purpose missing", (changed_proof(proofPurpose=None), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("value missing", (changed_proof(proofValue=None), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("value in another base", (changed_proof(proofValue="uAAAA"), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("method missing", (changed_proof(verificationMethod=None), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("created no instant", (changed_proof(created="today"), FakeResolvers()),
     "proof-malformed", FAILED, PLAIN),
    ("created moved", (changed_proof(created="2026-11-02T00:00:00Z"), FakeResolvers()),
     "proof-invalid", FAILED, PLAIN),
    ("proof context removed", (changed_proof(**{"@context": None}), FakeResolvers()),
     "proof-invalid", FAILED, PLAIN),
    ("previous proof missing", (changed_proof(previousProof="urn:uuid:9"), FakeResolvers()),
     "previous-proof-missing", FAILED, PLAIN),
    ("for another purpose", (proof_with(purpose="authentication"), FakeResolvers()),
     "proof-purpose-mismatch", FAILED, PLAIN),
    ("proof expired", (proof_with(expires=NOW), FakeResolvers()), "proof-expired", FAILED, PLAIN),
    # the data model
    ("no type", (signed_text(a_credential(type=["OpenBadgeCredential"])), FakeResolvers()),
     "credential-malformed", FAILED, PLAIN),
    ("no subject", (signed_text(a_credential(credentialSubject=None)), FakeResolvers()),
     "credential-malformed", FAILED, PLAIN),
    ("no issuer", (signed_text({k: v for k, v in a_credential().items() if k != "issuer"}),
     FakeResolvers()), "credential-malformed", FAILED, PLAIN),
    ("term redefined", (signed_text(a_credential() | {"@context": [
     "https://www.w3.org/ns/credentials/v2", {"name": "https://evil.example/"}]}),
     FakeResolvers()), "credential-malformed", FAILED, PLAIN),
    ("own protected term redefined", (signed_text(a_credential() | {"@context": [
     "https://www.w3.org/ns/credentials/v2", {"@protected": True, "x": "https://a.example/"},
     {"x": "https://b.example/"}]}), FakeResolvers()), "credential-malformed", FAILED, PLAIN),
    ("signed without a context", (signed_text({k: v for k, v in a_credential().items()
     if k != "@context"}), FakeResolvers()), "credential-malformed", FAILED, PLAIN),
    # time
    ("expired", (signed_text(a_credential(validUntil=instant(seconds=-1))), FakeResolvers()),
     "credential-expired", FAILED, PLAIN),
    ("not yet valid", (signed_text(a_credential(validFrom=instant(seconds=1))), FakeResolvers()),
     "credential-not-yet-valid", FAILED, PLAIN),
    ("date unreadable", (signed_text(a_credential(validUntil="2031")), FakeResolvers()),
     "credential-malformed", FAILED, PLAIN),
    ("token expired by exp", (a_token({**a_credential(), "exp": NOW.timestamp() - 1}),
     FakeResolvers()), "credential-expired", FAILED, TOKEN),
    ("token not before nbf", (a_token({**a_credential(), "nbf": NOW.timestamp() + 1}),
     FakeResolvers()), "credential-not-yet-valid", FAILED, TOKEN),
    ("vc claim in the token", (a_token(a_credential()).replace(
        a_token(a_credential()).split(".")[1], "eyJ2YyI6e319"), FakeResolvers()),
     "jwt-claim-refused", FAILED, TOKEN),
    # status
    ("revoked", (LISTED[0], lists(revocation=signed_text(a_list(set_at=(11,))))),
     "credential-revoked", FAILED, LISTED),
    ("suspended", (LISTED[0], lists(suspension=signed_text(
     a_list(SUSPENSION_LIST, SUSPENSION, set_at=(12,))))), "credential-suspended", FAILED, LISTED),
    ("revoked token", (a_token(with_status()), lists(revocation=signed_text(
     a_list(set_at=(11,))))), "credential-revoked", FAILED, LISTED),
    ("list unreachable", (LISTED[0], FakeResolvers()), "status-unreachable", UNCHECKED, LISTED),
    ("list is no list", (LISTED[0], lists(revocation=signed_text(a_credential()))),
     "status-list-mismatch", FAILED, LISTED),
    ("list unsigned", (LISTED[0], lists(revocation=as_text(a_list()))),
     "status-list-unproven", FAILED, LISTED),
    ("list tampered", (LISTED[0], lists(revocation=signed_text(a_list(set_at=(11,))).replace(
     encoded_list(a_list(set_at=(11,))), encoded_list(a_list())))),
     "status-list-unproven", FAILED, LISTED),
    ("list of a stranger", (LISTED[0], lists(revocation=signed_text(
     a_list(issuer=STRANGER), STRANGER))), "status-list-mismatch", FAILED, LISTED),
    ("list signed by a stranger", (LISTED[0], lists(revocation=signed_text(
     a_list(), STRANGER))), "status-list-unproven", FAILED, LISTED),
    ("list of another purpose", (LISTED[0], lists(revocation=signed_text(
     a_list(purpose=SUSPENSION)))), "status-list-mismatch", FAILED, LISTED),
    ("list of another address", (LISTED[0], lists(revocation=signed_text(
     a_list(SUSPENSION_LIST)))), "status-list-mismatch", FAILED, LISTED),
    ("list stale", (LISTED[0], lists(revocation=signed_text(
     a_list(validUntil=instant(seconds=-1))))), "status-stale", UNCHECKED, LISTED),
    ("list from the future", (LISTED[0], lists(revocation=signed_text(
     a_list(validFrom=instant(days=1))))), "status-stale", UNCHECKED, LISTED),
    ("list is a web page", (LISTED[0], lists(revocation="<html>")),
     "status-list-unproven", FAILED, LISTED),
    ("index out of range", (with_entry(statusListIndex="131072"), clear_lists()),
     "status-index-out-of-range", FAILED, LISTED),
    ("index negative", (with_entry(statusListIndex="-1"), clear_lists()),
     "status-entry-malformed", FAILED, LISTED),
    ("entry of another type", (with_entry(type="StatusList2021Entry"), clear_lists()),
     "status-type-unknown", UNCHECKED, LISTED),
    ("entry of another size", (with_entry(statusSize=4), clear_lists()),
     "status-entry-malformed", FAILED, LISTED),
    ("entry is a text", (signed_text(a_credential(credentialStatus="x")), clear_lists()),
     "status-type-unknown", FAILED, LISTED),
    ("nine entries", (signed_text(a_credential(credentialStatus=[status_entry()] * 9)),
     clear_lists()), "status-type-unknown", UNCHECKED, LISTED),
    # schema
    ("schema violated", with_schema({"required": ["never"]}), "schema-violated", FAILED, SCHEMED),
    ("schema unreachable", (SCHEMED[0], FakeResolvers()), "schema-unreachable", UNCHECKED, SCHEMED),
    ("schema refers elsewhere", with_schema({"$ref": "https://evil.example/"}),
     "schema-unusable", UNCHECKED, SCHEMED),
    ("schema refers to a file", with_schema({"$ref": "file:///etc/passwd"}),
     "schema-unusable", UNCHECKED, SCHEMED),
    ("schema of another dialect", with_schema({"$schema": "https://evil.example/"}),
     "schema-unusable", UNCHECKED, SCHEMED),
    ("schema is none", with_schema({"type": "nonsense"}), "schema-unusable", UNCHECKED, SCHEMED),
    ("schema is an array", with_schema([]), "schema-unusable", UNCHECKED, SCHEMED),
    ("schema doubles the work", the_recursive_case(), "schema-unusable", UNCHECKED, SCHEMED),
    ("schema of another type", (signed_text(a_credential(
     credentialSchema={"id": SCHEMA, "type": ["a", {}]})), FakeResolvers()),
     "schema-type-unknown", FAILED, SCHEMED),
    ("five schemas", (signed_text(a_credential(
     credentialSchema=[{"id": SCHEMA, "type": "JsonSchema"}] * 5)), FakeResolvers()),
     "schema-type-unknown", UNCHECKED, SCHEMED),
]  # fmt: skip


@pytest.mark.parametrize(("name", "case"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_a_sound_credential_is_valid(name: str, case: Case) -> None:
    verification = verified(*case)
    assert codes_of(verification) == set()
    assert verification.report.verdict is Verdict.VALID
    assert verification.report.verified()


@pytest.mark.parametrize(
    ("name", "case", "code", "verdict", "control"), HOSTILE, ids=[row[0] for row in HOSTILE]
)
def test_a_hostile_credential_is_refused_beside_an_accepted_one(
    name: str, case: Case, code: str, verdict: Verdict, control: Case
) -> None:
    verification = verified(*case)
    assert code in codes_of(verification)
    assert verification.report.verdict is verdict
    assert not verification.report.verified()
    for check in verification.report.failures:
        assert check.message.endswith(".")
        assert check.remedy
    assert verified(*control).report.verdict is Verdict.VALID


def test_all_checks_that_can_run_do_run() -> None:
    """An employer gets the whole list at once: forged, expired and revoked."""
    document = {**with_status(), "validUntil": instant(days=-1)}
    text = signed_text(document).replace("Welder", "Doctor")
    resolvers = lists(revocation=signed_text(a_list(set_at=(11,))))
    codes = codes_of(verified(text, resolvers))
    assert codes == {"proof-invalid", "credential-expired", "credential-revoked"}


def test_the_checks_come_in_their_order() -> None:
    names = [check.name for check in verified(*LISTED).report.checks]
    order = list(CheckName)
    assert names == sorted(names, key=lambda name: order.index(CheckName(name)))
    assert {"form", "verification-method", "proof", "time", "status", "schema"} <= set(names)


def test_a_revoked_credential_is_invalid_even_when_the_signature_holds() -> None:
    verification = verified(LISTED[0], lists(revocation=signed_text(a_list(set_at=(11,)))))
    outcomes = {check.name: check.outcome for check in verification.report.checks}
    assert outcomes["proof"] is Outcome.PASSED
    assert verification.report.verdict is Verdict.INVALID


def test_a_revoked_key_is_told_apart_from_a_bad_signature() -> None:
    verification = verified(a_web_credential(), web(revoked=instant(days=-1)))
    assert codes_of(verification) == {"verification-method-revoked"}


def test_the_proof_alone_can_be_judged_and_the_binding_is_only_reported() -> None:
    verification = verified(signed_text(a_credential(issuer="https://issuer.example")))
    assert verification.report.verified(PROOF_CHECKS)
    assert "issuer-key-mismatch" in codes_of(verification)


@pytest.mark.data
def test_the_published_vector_verifies_when_the_proof_alone_is_judged() -> None:
    path = shared_data() / "credentials/w3c-di-eddsa/eddsa-jcs-2022/signedJCS.json"
    report = verified(path.read_bytes()).report
    assert report.verified(PROOF_CHECKS)
    assert report.verdict is Verdict.INVALID


def test_a_known_context_appended_after_signing_is_a_remark() -> None:
    badges = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    secured = signed(a_credential())
    contexts: list[JsonValue] = ["https://www.w3.org/ns/credentials/v2", badges]
    appended: JsonObject = {**secured, "@context": contexts}
    verification = verified(as_text(appended))
    assert verification.report.verdict is Verdict.VALID
    assert "context-appended" in {check.code for check in verification.report.checks}
    assert verification.document == {k: v for k, v in secured.items() if k != "proof"}


def test_an_unknown_context_under_the_signature_is_a_remark() -> None:
    document = a_credential() | {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://vocab.example/"]
    }
    verification = verified(signed_text(document))
    assert verification.report.verdict is Verdict.VALID
    assert "context-unknown" in {check.code for check in verification.report.checks}


def test_an_endorsed_credential_needs_its_issuers_proof_too() -> None:
    endorsed = add_proof(
        signed(a_credential()),
        suite=EDDSA_JCS_2022,
        signer=STRANGER,
        options=ProofOptions(verification_method=method_of(STRANGER), created=ISSUED),
    )
    verification = verified(as_text(endorsed))
    assert verification.report.verdict is Verdict.VALID
    assert verification.verification_method == method_of(ISSUER)
    proofs = endorsed["proof"]
    assert isinstance(proofs, list)
    alone = verified(as_text({**endorsed, "proof": proofs[1]}))
    assert codes_of(alone) == {"issuer-key-mismatch"}


def test_the_policy_decides_what_is_accepted() -> None:
    for raw, policy, code in (
        (PLAIN[0], Policy(cryptosuites=frozenset()), "cryptosuite-not-allowed"),
        (TOKEN[0], Policy(jws_algorithms=frozenset({"ES256"})), "jws-algorithm-refused"),
        (PLAIN[0], Policy(did_methods=frozenset({"web"})), "did-method-unknown"),
        (PLAIN[0], Policy(domain="verifier.example"), "proof-domain-mismatch"),
        (PLAIN[0], Policy(challenge="abc"), "proof-challenge-mismatch"),
    ):
        assert code in codes_of(verified(raw, policy=policy))
    bound = proof_with(domain="verifier.example", challenge="abc")
    asked = Policy(domain="verifier.example", challenge="abc")
    assert verified(bound, policy=asked).report.verdict is Verdict.VALID


def test_a_clock_may_be_allowed_to_differ() -> None:
    policy = Policy(clock_skew=timedelta(minutes=1))
    early = signed_text(a_credential(validFrom=instant(seconds=50)))
    assert verified(early, policy=policy).report.verdict is Verdict.VALID
    assert verified(early).report.verdict is Verdict.INVALID


def test_skipping_the_status_is_named_in_the_report() -> None:
    verification = verified(LISTED[0], policy=Policy(unsafe_skip_status=True))
    assert verification.report.verdict is Verdict.VALID
    assert "status-skipped" in {check.code for check in verification.report.checks}


@pytest.mark.parametrize(
    ("purpose", "verdict", "code"),
    [
        ("message", Verdict.VALID, "status-flagged"),
        ("refresh", Verdict.VALID, "status-flagged"),
        ("something", Verdict.UNDETERMINED, "status-purpose-unknown"),
    ],
)
def test_a_status_of_another_purpose_is_reported(purpose: str, verdict: Verdict, code: str) -> None:
    entry = StatusEntry(purpose=purpose, list_url=REVOCATION_LIST, index=3).as_json()
    text = signed_text(a_credential(credentialStatus=entry))
    resolvers = lists(revocation=signed_text(a_list(purpose=purpose, set_at=(3,))))
    verification = verified(text, resolvers)
    assert verification.report.verdict is verdict
    assert code in {check.code for check in verification.report.checks}


def test_the_status_of_a_status_list_is_not_asked() -> None:
    """Two lists that point to each other would otherwise be followed for ever."""
    entry = StatusEntry(purpose=REVOCATION, list_url=REVOCATION_LIST, index=1).as_json()
    resolvers = lists(revocation=signed_text(a_list(credentialStatus=entry)))
    assert verified(LISTED[0], resolvers).report.verdict is Verdict.VALID


def test_a_list_whose_key_is_out_of_reach_leaves_the_status_open() -> None:
    document = a_credential(issuer=WEB, credentialStatus=status_entry())
    text = as_text(signed(document, method=WEB_KEY))
    list_text = as_text(signed({**a_list(), "issuer": WEB}, method=WEB_KEY))
    known = FakeResolvers({WEB: a_did_document()}, {REVOCATION_LIST: list_text})
    assert verified(text, known).report.verdict is Verdict.VALID
    unknown = FakeResolvers({}, {REVOCATION_LIST: list_text})
    assert codes_of(verified(text, unknown)) >= {"did-unreachable", "status-unreachable"}


def test_a_did_document_is_asked_for_once() -> None:
    document = a_credential(issuer=WEB, credentialStatus=status_entry())
    list_text = as_text(signed({**a_list(), "issuer": WEB}, method=WEB_KEY))
    resolvers = FakeResolvers({WEB: a_did_document()}, {REVOCATION_LIST: list_text})
    verified(as_text(signed(document, method=WEB_KEY)), resolvers)
    assert resolvers.asked.count(WEB) == 1


def test_offline_a_did_key_verifies_and_the_rest_stays_open() -> None:
    assert verify(PLAIN[0], resolvers=Offline(), now=NOW).report.verdict is Verdict.VALID
    for raw in (LISTED[0], FROM_WEB[0], SCHEMED[0]):
        report = verify_exported(raw, resolvers=Offline(), now=NOW).report
        assert report.verdict is Verdict.UNDETERMINED


def test_a_parsed_document_verifies_like_its_text() -> None:
    document = parse_object(LISTED[0])
    before = as_text(document)
    parsed = verify_document(document, resolvers=clear_lists(), now=NOW, policy=DEFAULT_POLICY)
    assert parsed == verified(*LISTED)
    assert as_text(document) == before


def test_what_was_verified_is_told() -> None:
    verification = verified(*TOKEN)
    assert verification.form is Form.VC_JWT
    assert verification.issuer == did_of(ISSUER)
    assert verification.verification_method == method_of(ISSUER)
    assert verification.document == {**a_credential(), "iss": did_of(ISSUER)}
    assert verification.seems_to_be is None


def test_no_message_repeats_a_claim() -> None:
    """Reports are shown to strangers and may be logged."""
    for _name, case, *_rest in HOSTILE:
        for check in verified(*case).report.checks:
            assert "Welder" not in check.message


@pytest.mark.data
def test_the_open_badges_schema_is_within_the_budget_of_work() -> None:
    schema = parse_object(
        (shared_data() / "schemas/ob_v3p0_achievementcredential_schema.json").read_bytes()
    )
    badge = (shared_data() / "credentials/ob3-1edtech/complete_v1.json").read_bytes()
    check_work(schema, parse_object(badge))
