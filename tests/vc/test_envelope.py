"""Envelopes: the token inside counts, and nothing else is read from them."""

import pytest

from skillpassport.vc.envelope import EnvelopeMalformed, envelope, open_envelope
from skillpassport.vc.recognition import Form
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import (
    ISSUER,
    P256_ISSUER,
    STRANGER,
    a_credential,
    a_token,
    as_text,
    did_of,
    verified,
)

TOKEN = a_token(a_credential())
ENVELOPED = envelope(TOKEN, "vc+jwt")
URL = f"data:application/vc+jwt,{TOKEN}"


def test_an_enveloped_credential_is_the_credential_inside() -> None:
    verification = verified(as_text(ENVELOPED))
    assert verification.report.verdict is Verdict.VALID, verification.report.failures
    assert verification.form is Form.VC_JWT
    assert verification.issuer == did_of(ISSUER)
    assert verification.document is not None
    assert verification.document["name"] == "Welder, arc"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["EnvelopedVerifiableCredential"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"id": URL.replace("data:application/vc+jwt", "DATA:Application/VC+JWT")},
    ],
)
def test_other_spellings_are_opened(changes: JsonObject) -> None:
    assert verified(as_text({**ENVELOPED, **changes})).report.verdict is Verdict.VALID


HOSTILE: list[tuple[str, dict[str, JsonValue]]] = [
    ("no context", {"@context": None}),
    ("another context", {"@context": "https://www.w3.org/2018/credentials/v1"}),
    ("also a credential", {"type": ["VerifiableCredential", "EnvelopedVerifiableCredential"]}),
    ("type twice", {"type": ["EnvelopedVerifiableCredential"] * 2}),
    ("no id", {"id": None}),
    ("id as array", {"id": [URL]}),
    ("https", {"id": f"https://issuer.example/{TOKEN}"}),
    ("with a parameter", {"id": URL.replace(",", ";charset=utf-8,")}),
    ("base64", {"id": URL.replace(",", ";base64,")}),
    ("a name of a draft", {"id": URL.replace("vc+jwt", "vc-ld+jwt;base64url")}),
    ("percent-encoded", {"id": URL.replace(".", "%2E")}),
    ("white space", {"id": f"{URL} "}),
    ("line break", {"id": f"{URL}\n"}),
    ("fragment", {"id": f"{URL}#x"}),
    ("empty", {"id": "data:application/vc+jwt,"}),
    ("claims outside", {"credentialSubject": {"id": "urn:x", "name": "Somebody"}}),
    ("an issuer outside", {"issuer": did_of(STRANGER)}),
    ("a proof outside", {"proof": {"type": "DataIntegrityProof"}}),
]


@pytest.mark.parametrize(("name", "changes"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_a_malformed_envelope_is_not_opened(name: str, changes: dict[str, JsonValue]) -> None:
    members = {**ENVELOPED, **changes}
    document: JsonObject = {key: value for key, value in members.items() if value is not None}
    with pytest.raises(EnvelopeMalformed):
        open_envelope(document)
    verification = verified(as_text(document))
    assert verification.report.verdict is Verdict.UNREADABLE
    assert verification.report.checks[0].code == "envelope-malformed"


INSIDE = [
    ("another type", "application/jwt", TOKEN),
    ("a presentation", "application/vp+jwt", TOKEN),
    ("COSE", "application/vc+cose", TOKEN),
    ("no token", "application/vc+jwt", "x"),
    ("two parts", "application/vc+jwt", TOKEN.rpartition(".")[0]),
    ("not a token of this type", "application/vc+jwt", f"{TOKEN}~"),
]


@pytest.mark.parametrize(("name", "media_type", "text"), INSIDE, ids=[row[0] for row in INSIDE])
def test_what_is_no_token_of_the_named_type_is_unreadable(
    name: str, media_type: str, text: str
) -> None:
    document: JsonObject = {**ENVELOPED, "id": f"data:{media_type},{text}"}
    assert verified(as_text(document)).report.verdict is Verdict.UNREADABLE


def test_an_envelope_inside_a_token_is_not_opened() -> None:
    """The outer signature would be read as if it covered the inner claims."""
    inside = a_token({**ENVELOPED, "issuer": did_of(ISSUER)})
    assert verified(inside).report.verdict is Verdict.UNREADABLE
    assert verified(as_text(envelope(inside, "vc+jwt"))).report.verdict is Verdict.UNREADABLE


def test_a_forged_token_stays_forged_in_its_envelope() -> None:
    start, middle, end = TOKEN.split(".")
    forged = f"{start}.{middle}.{'A' * len(end)}"
    stolen = a_token(a_credential(issuer=did_of(ISSUER)), STRANGER)
    for token in (forged, stolen):
        document = envelope(token, "vc+jwt")
        assert verified(as_text(document)).report.verdict is Verdict.INVALID
    other = a_token(a_credential(issuer=did_of(P256_ISSUER)), P256_ISSUER)
    assert verified(as_text(envelope(other, "vc+jwt"))).report.verdict is Verdict.VALID
