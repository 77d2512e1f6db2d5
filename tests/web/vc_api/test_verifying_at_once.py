"""What is said of a credential on the short way is what the route says, octet by octet."""

import copy
import json
from typing import Any

import pytest

from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.rdfc_suite import RdfcSuite
from tests.support.credentials import ISSUER, a_credential, method_of, signed
from tests.support.instances import Answer
from tests.support.vc_api import SECURED, Desk, Profile, composed

PATH = "/vc/credentials/verify"
SHORT = "application/json"
BY_THE_ROUTE = "application/json; charset=utf-8"


def send(desk: Desk, content: bytes, kind: str = SHORT) -> Answer:
    return desk.served.http.post(PATH, content=content, headers={"Content-Type": kind})


def same(desk: Desk, content: bytes) -> Answer:
    """Return the answer, having compared it with that of the route."""
    short, long = (send(desk, content, kind) for kind in (SHORT, BY_THE_ROUTE))
    assert short.status_code == long.status_code
    if "trace_id" in short.text:
        assert short.json() | {"trace_id": ""} == long.json() | {"trace_id": ""}
    else:
        assert short.content == long.content
    assert _named(short) == _named(long)
    return short


def _named(answer: Answer) -> dict[str, str]:
    changing = {"x-request-id", "content-length", "ratelimit"}
    return {name: value for name, value in answer.headers.items() if name not in changing}


def asking(document: object, **options: object) -> bytes:
    body = {"verifiableCredential": document, "options": options}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.fixture
def at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note of each verification that was tried without waiting whether it could be done so."""
    tried: list[bool] = []
    ours = desk.served.instance.verify_credential_at_once

    def watched(*given: Any, **options: Any) -> object:  # noqa: ANN401 - whatever it is called with
        found = ours(*given, **options)
        tried.append(found is not None)
        return found

    monkeypatch.setattr(desk.served.instance, "verify_credential_at_once", watched)
    return tried


NO_DOCUMENT = {"a": 1}
ODD: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"{", b"{}", b'"text"', b'{"verifiableCredential":{}}',
    b'{"verifiableCredential":{"a":1},"verifiableCredential":{"a":2}}',
    b'{"verifiableCredential":{"a":1},"further":1}', b'{"verifiableCredential":{"a":1e999}}',
    b'{"verifiableCredential":"\\ud800"}', b'{"verifiableCredential":"\xff"}',
    b'{"verifiableCredential":{"issuer":"\\ud800"}}', b'{"verifiableCredential":"~"}',
    b'{"verifiableCredential":"ey.ey.ey"}', b'{"verifiableCredential":"eyJhIjoxfQ.e30.e30"}',
    b'{"verifiableCredential":{"proof":[[]]}}', b'{"verifiableCredential":{"proof":{"type":{}}}}',
    b'{"verifiableCredential":{"proof":{"cryptosuite":["eddsa-rdfc-2022"]}}}',
    b'{"verifiableCredential":{"proof":{"cryptosuite":"eddsa-rdfc-2022"}}}',
    b'{"verifiableCredential":{"issuer":"\\u001b\\u007f\\u2028\xc3\xa9\\"\\\\"}}',
    asking(NO_DOCUMENT, checks="proof"), asking(NO_DOCUMENT, checks=[7]),
    asking(NO_DOCUMENT, checks=["nonsense"]), asking(NO_DOCUMENT, checks=["proof"]),
    asking(NO_DOCUMENT, challenge=7), asking({"deep": [[[[]]]] * 50}), asking("x" * 40_000),
)  # fmt: skip


@pytest.mark.parametrize("content", ODD, ids=lambda content: content[:50].decode("latin-1"))
def test_whatever_is_sent_is_answered_alike(desk: Desk, content: bytes) -> None:
    same(desk, content)


@pytest.mark.parametrize(("securing", "key_type"), SECURED)
def test_a_credential_is_reported_alike_sound_or_not(
    desk: Desk, securing: str, key_type: str
) -> None:
    profile = desk.profile(securing=securing, key_type=key_type)
    for number in range(3):
        document = profile.sign(composed(id=f"urn:example:{number}"))
        for options in ({}, {"checks": ["proof"]}, {"checks": ["status"]}):
            answer = same(desk, asking(document, **options))
            # A base proof is for the holder alone, who shows parts; and there is no status.
            holds = securing != "ecdsa-sd-2023" and options != {"checks": ["status"]}
            assert answer.json()["verified"] is holds
        for forged in _forged(document):
            assert same(desk, asking(forged)).json()["verified"] is False


def _forged(document: Any) -> list[object]:  # noqa: ANN401 - JSON
    """Return the document with a claim, its proof, its issuer or its period changed."""
    if "proof" not in document:
        token = document["id"]
        return [{**document, "id": f"{token[:-5]}AAAA{token[-1]}"}, token.partition(",")[2][:-4]]
    forged: list[object] = []
    for name, value in (
        ("credentialSubject", {"id": "urn:example:x"}),
        ("issuer", "did:example:x"),
        ("validFrom", "2099-01-01T00:00:00Z"),
        ("@context", []),
        ("name", 7),
    ):
        forged.append({**document, name: value})
    for name, value in (
        ("proofValue", "z2"),
        ("created", "never"),
        ("proofPurpose", "x"),
        ("verificationMethod", 7),
        ("cryptosuite", "x"),
        ("further", "x"),
        ("previousProof", "urn:example:gone"),
    ):
        changed = copy.deepcopy(document)
        changed["proof"][name] = value
        forged.append(changed)
    return [*forged, {**document, "proof": [document["proof"]] * 2 + [{"type": "x"}]}]


@pytest.fixture
def warm(desk: Desk) -> Profile:
    """Make a profile under which a shape was signed often enough to be known."""
    profile = desk.profile(securing="eddsa-rdfc-2022")
    for number in range(4):
        profile.sign(composed(id=f"urn:example:{number}"))
    return profile


def test_statements_of_a_known_shape_are_verified_without_waiting(
    warm: Profile, at_once: list[bool]
) -> None:
    document = warm.sign(composed(id="urn:example:another"))
    assert send(warm.desk, asking(document)).status_code == 200
    document["credentialSubject"]["skill"] = "surgery"
    assert send(warm.desk, asking(document)).status_code == 400
    assert at_once == [True, True]


def heavy(document: Any) -> list[object]:  # noqa: ANN401 - JSON
    """Return documents for which the loop must not wait: shapes that are new, alike nodes, records."""
    proof = document["proof"]
    twins = [{"named": "same"}, {"named": "same"}]
    record = a_credential(type=["VerifiableCredential", "ClrCredential"])
    inside: JsonObject = {"verifiableCredential": [document]}
    return [
        {**document, "further": {"member": "x"}},
        {**document, "credentialSubject": {**document["credentialSubject"], "twins": twins}},
        {**document, "proof": {**proof, "further": {"member": "x"}}},
        {**document, "proof": {**proof, "id": "urn:example:p", "previousProof": "urn:example:p"}},
        {**document, "proof": [proof] * 3},
        {**document, "payload": "e30", "signatures": []},
        {name: value for name, value in document.items() if name != "proof"},
        signed({**record, "credentialSubject": inside}),
        sign_vc_jwt({**record, "credentialSubject": inside}, ISSUER, kid=method_of(ISSUER)),
    ]


def test_what_may_take_long_is_never_tried_on_the_loop(warm: Profile, at_once: list[bool]) -> None:
    document = warm.sign(composed(id="urn:example:another"))
    for each in heavy(document):
        same(warm.desk, asking(each))
    assert at_once == []


def test_what_is_asked_of_others_is_left_to_a_thread(desk: Desk, at_once: list[bool]) -> None:
    entry: JsonObject = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://127.0.0.1/lists/1",
    }
    document = signed(a_credential(credentialStatus=entry))
    answer = same(desk, asking(document))
    assert (answer.status_code, at_once) == (400, [False])
    assert same(desk, asking(document, checks=["proof"])).status_code == 200
    assert at_once == [False, True]


def test_an_own_status_is_judged_alike(desk: Desk, at_once: list[bool]) -> None:
    profile = desk.profile(status="bitstring")
    document = profile.sign(composed(id="urn:example:with-status"))
    for _ in range(2):
        assert same(desk, asking(document)).status_code == 200
    turned = desk.turn(credentialId="urn:example:with-status", status=True)
    assert turned.status_code == 200, turned.text
    for _ in range(2):
        assert same(desk, asking(document)).status_code == 400
    assert at_once[-1] is True


def test_a_request_is_counted_once_and_logged_under_its_route(desk: Desk) -> None:
    counted: list[str] = []
    limits = desk.served.http.app.state.limits  # type: ignore[attr-defined]
    limits.find = counted.append
    for kind in (SHORT, BY_THE_ROUTE):
        send(desk, asking(NO_DOCUMENT), kind)
    assert counted == ["verification"] * 2
    assert f'route="{PATH}",status="4xx"' in desk.served.get("/metrics").text


def test_asking_whether_it_is_quick_makes_no_verdict(
    warm: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document of which the question was wrong is verified all the same, by the same code."""
    document = warm.sign(composed(id="urn:example:another"))
    monkeypatch.setattr(RdfcSuite, "is_quick_to_hash", lambda *_: True)
    for each in heavy(document)[:4]:
        assert same(warm.desk, asking(each)).json()["verified"] is False
