"""Whatever is brought is named, and never more than named."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.recognition import Form, recognise
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import (
    a_credential,
    a_token,
    as_text,
    signed,
    signed_text,
    verified,
)
from tests.support.shared_data import shared_data

V1 = "https://www.w3.org/2018/credentials/v1"


def token(header: JsonObject, payload: JsonObject) -> str:
    parts = (json.dumps(part).encode() for part in (header, payload))
    return ".".join([*(encode_base64url(part) for part in parts), "c2ln"])


def test_the_forms_that_are_read_are_recognised() -> None:
    assert recognise(signed_text(a_credential())).form is Form.DATA_INTEGRITY
    assert recognise(a_token(a_credential())).form is Form.VC_JWT
    assert recognise(as_text(a_credential())).form is Form.UNSECURED
    assert recognise(b"\n  " + signed_text(a_credential()).encode()).form is Form.DATA_INTEGRITY
    assert recognise(a_token(a_credential()) + "\n").form is Form.VC_JWT


def with_proof(kind: str, cryptosuite: str | None = None) -> str:
    proof: JsonObject = {"type": kind}
    if cryptosuite:
        proof["cryptosuite"] = cryptosuite
    return as_text(a_credential(proof=proof))


NAMED: list[tuple[str, bytes | str, str]] = [
    ("PDF", b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    ("PNG", b"\x89PNG\r\n\x1a\n", "PNG"),
    ("JPEG", b"\xff\xd8\xff\xe0", "JPEG"),
    ("GIF", b"GIF89a", "GIF"),
    ("ZIP", b"PK\x03\x04", "ZIP"),
    ("EU DCC", "HC1:6BFOXN", "EU Digital COVID Certificate"),
    ("SVG", '<?xml version="1.0"?><svg xmlns="x"/>', "SVG"),
    ("ELMO", '<?xml version="1.0"?><elmo xmlns="https://github.com/emrex-eu"/>', "ELMO"),
    ("HTML", "<!doctype html><html>", "web page"),
    ("XML", "<a/>", "XML"),
    ("plain text", "I am a welder.", "plain text"),
    ("address", "https://issuer.example/credentials/1", "web address"),
    ("empty", "", "empty"),
    ("blank", " \n ", "empty"),
    ("bytes", b"\x80\x81\x82", "unknown kind"),
    ("array", "[]", "array"),
    ("damaged JSON", '{"a":', "damaged or ambiguous"),
    ("ambiguous JSON", '{"a":1,"a":2}', "damaged or ambiguous"),
    ("other JSON", '{"hello":"world"}', "no credential"),
    ("VC 1.1", as_text({"@context": [V1], "type": ["VerifiableCredential"]}), "data model 1.1"),
    (
        "VC 1.1 with a proof",
        as_text({"@context": [V1], "proof": {"type": "Ed25519Signature2020"}}),
        "1.1, secured with 'Ed25519Signature2020'",
    ),
    ("Blockcerts", as_text({"@context": [V1, "https://w3id.org/blockcerts/v3"],
                            "proof": {"type": "MerkleProof2019"}}), "Blockcerts"),
    ("ELM", as_text({"@context": [V1, "http://data.europa.eu/snb/model/context/edc-ap"]}), "ELM"),
    ("Open Badges 2", as_text({"@context": "https://w3id.org/openbadges/v2"}), "Open Badges 2.0"),
    ("CTDL", as_text({"@context": {"ceterms": "http://purl.org/ctdl/terms/"}}), "CTDL"),
    ("JAdES", as_text({"payload": "x", "signatures": []}), "JAdES"),
    ("SD-JWT JSON", as_text({"payload": "x", "signature": "y",
                             "header": {"disclosures": []}}), "SD-JWT"),
    ("presentation", as_text({"type": ["VerifiablePresentation"]}), "presentation"),
    ("enveloped", as_text({"type": "EnvelopedVerifiableCredential", "id": "data:,"}), "envelope"),
    ("enveloped presentation", as_text({"type": "EnvelopedVerifiablePresentation"}), "envelope"),
    ("Ed25519Signature2020", with_proof("Ed25519Signature2020"), "Ed25519Signature2020"),
    ("bbs-2023", with_proof("DataIntegrityProof", "bbs-2023"), "bbs-2023"),
    ("MerkleProof2019", with_proof("MerkleProof2019"), "MerkleProof2019"),
    ("JWT 1.1", token({"alg": "EdDSA", "typ": "JWT"}, {"vc": {}}), "'vc' claim"),
    ("JWT 1.1 RS256", token({"alg": "RS256", "typ": "JWT"}, {"vc": {}}), "RS256"),
    ("JWT presentation", token({"alg": "EdDSA"}, {"vp": {}}), "'vp' claim"),
    ("access token", token({"alg": "EdDSA", "typ": "at+jwt"}, {}), "another use"),
    ("status list token", token({"typ": "statuslist+jwt"}, {}), "status list"),
    ("vc+jwt ES512", token({"alg": "ES512", "typ": "vc+jwt"}, a_credential()), "ES512"),
    ("vc+jwt RS512", token({"alg": "RS512", "typ": "vc+jwt"}, a_credential()), "RS512"),
    ("SD-JWT", token({"typ": "dc+sd-jwt"}, {}) + "~WyJhIl0~", "SD-JWT"),
    ("JWE", "eyJhbGciOiJub25lIn0.AA.AA.AA.AA", "JWE"),
    ("damaged token", "eyJhbGciOiJFZERTQSJ.eyJ9.AAAA", "damaged or ambiguous"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "expected"), NAMED, ids=[row[0] for row in NAMED])
def test_a_document_of_another_kind_is_unreadable_and_named(
    name: str, raw: bytes | str, expected: str
) -> None:
    verification = verified(raw)
    assert verification.report.verdict is Verdict.UNREADABLE
    assert verification.form is Form.UNKNOWN
    assert verification.seems_to_be is not None
    assert expected in verification.seems_to_be
    (check,) = verification.report.checks
    assert verification.seems_to_be in check.message
    assert check.remedy


SHARED = [
    ("ob3-1edtech/simple.jwt", "'vc' claim, signed with 'RS256'"),
    ("ob3-waltid/openbadgecredential_sample.signed.json", "'vc' claim, signed with 'EdDSA'"),
    ("ob3-waltid/verifiable_educational_id_sample.signed.json", "'vc' claim"),
    ("ob3-1edtech/simple_v1.json", "Ed25519Signature2020"),
    ("ob3-1edtech/simple-jwt_v1.png", "'vc' claim"),
    ("ob3-1edtech/simple-jwt_v1.svg", "'vc' claim"),
    ("blockcerts-v3/mocknet-v3-valid.json", "Blockcerts"),
    ("elm-edc/rdf/samples/credential-sample.jsonld", "European Digital Credential"),
    ("elm-edc/Credentials/JSON-LD_Examples_ELM_v3/Sample-CertOfPart-signed.jsonld", "JAdES"),
    ("elmo/example.xml", "ELMO"),
    ("ctdl/credential/1_valid.json", "CTDL"),
    ("ctdl/cer-credential.json", "CTDL"),
    ("w3c-di-eddsa/Ed25519Signature2020/signedEdSig.json", "Ed25519Signature2020"),
]


@pytest.mark.data
@pytest.mark.parametrize(("path", "expected"), SHARED)
def test_real_documents_of_others_are_named(path: str, expected: str) -> None:
    raw = (shared_data() / "credentials" / path).read_bytes()
    verification = verified(raw)
    assert verification.report.verdict is Verdict.UNREADABLE
    assert expected in str(verification.seems_to_be)


VALID_OFFLINE = ["dcc-verifier-core/v2/v2OBv3SpecExample.json"]
"""By a did:key, under eddsa-rdfc-2022, in force, without a status to ask for."""


@pytest.mark.data
def test_no_shared_document_breaks_the_verifier_and_few_hold_without_asking_anyone() -> None:
    folder = shared_data() / "credentials"
    valid = [
        str(path.relative_to(folder))
        for path in sorted(path for path in folder.rglob("*") if path.is_file())
        if verified(path.read_bytes()).report.verdict is Verdict.VALID
    ]
    assert valid == VALID_OFFLINE


@given(st.binary(max_size=200) | st.text(max_size=100))
def test_anything_at_all_gets_a_report(raw: bytes | str) -> None:
    assert verified(raw).report.verdict is not Verdict.VALID


@given(st.data())
def test_any_part_of_a_credential_gets_a_report(data: st.DataObject) -> None:
    """Every member replaced by any JSON value: an answer, never an exception."""
    document = signed(a_credential(credentialStatus={"type": "x"}, credentialSchema={"id": "a:b"}))
    scalars: st.SearchStrategy[JsonValue] = (
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3)
    )
    values: st.SearchStrategy[JsonValue] = (
        scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.text(max_size=3), scalars)
    )
    member = data.draw(st.sampled_from([*document, "proof.member"]))
    if member == "proof.member":
        proof = document["proof"]
        assert isinstance(proof, dict)
        proof[data.draw(st.sampled_from(sorted(proof)))] = data.draw(values)
    else:
        document[member] = data.draw(values)
    assert verified(as_text(document)).report.verdict is not Verdict.VALID
