"""The token of a list in JWT and CWT format, and the claim that points into it."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.cose import sign1
from skillpassport.vc.jose import Jws, JwsHeaderRefused, JwsTypeRefused, parse_jws, verify_jws
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.status_refusals import (
    StatusEntryMalformed,
    StatusListError,
    StatusListMalformed,
    StatusListMismatch,
    StatusListStale,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.token_status import (
    StatusListToken,
    StatusReference,
    TokenStatusList,
    check_status_list_header,
    read_referenced_cwt,
    read_status_list_cwt,
    read_status_list_token,
    sign_status_list_cwt,
    sign_status_list_jwt,
)
from tests.support.credentials import ISSUER, NOW, P256_ISSUER, P384_ISSUER, method_of
from tests.support.shared_data import shared_data

URI = "https://example.com/statuslists/1"
REFERENCE = StatusReference(uri=URI, index=0)
# The draft publishes the key of its examples beside them (src/util.py).
EXAMPLE_KEY = PublicKey.from_jwk(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo",
        "y": "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M",
    }
)
SAME = StatusListToken(
    uri=URI,
    issued_at=datetime.fromtimestamp(1686920170, UTC),
    expires_at=datetime.fromtimestamp(2291720170, UTC),
    ttl=timedelta(seconds=43200),
    statuses=TokenStatusList.of(b"\xb9\xa3", bits=1, level=9),
)


def example(name: str) -> str:
    folder: Path = shared_data() / "vectors" / "status-list" / "examples"
    return (folder / f"{name}.md").read_text().replace("\n", "")


def test_the_drafts_jwt_is_read_and_its_signature_holds() -> None:
    jws = parse_jws(example("status_list_jwt_raw"))
    check_status_list_header(jws)
    assert verify_jws(jws, EXAMPLE_KEY)
    assert read_status_list_token(jws.payload) == replace(SAME, issuer="https://example.com")


def test_the_drafts_cwt_is_read_and_its_signature_holds() -> None:
    jws = read_status_list_cwt(bytes.fromhex(example("status_list_cwt")))
    check_status_list_header(jws)
    assert verify_jws(jws, EXAMPLE_KEY)
    assert jws.header == {"alg": "ES256", "typ": "statuslist+jwt", "kid": "12"}
    assert read_status_list_token(jws.payload) == SAME


def test_the_drafts_referenced_cwt_names_its_list() -> None:
    assert read_referenced_cwt(bytes.fromhex(example("referenced_token_cwt"))) == REFERENCE


@pytest.mark.parametrize("name", ["status_list_cwt", "referenced_token_cwt"])
def test_the_drafts_annotated_octets_are_those_that_are_read(name: str) -> None:
    assert annotated(f"{name}_diag") == bytes.fromhex(example(name))


@pytest.mark.parametrize("name", ["status_list_encoding", "status_list_encoding2"])
def test_the_drafts_annotated_lists_are_those_that_are_read(name: str) -> None:
    folder: Path = shared_data() / "vectors" / "status-list" / "examples"
    encoded = (folder / f"{name}_cbor.md").read_text().rpartition("encoded:")[2]
    assert annotated(f"{name}_cbor_diag") == bytes.fromhex(encoded)


def annotated(name: str) -> bytes:
    """Return the octets of an example that explains each of them after a `#`."""
    folder: Path = shared_data() / "vectors" / "status-list" / "examples"
    lines = (folder / f"{name}.md").read_text().splitlines()
    return bytes.fromhex("".join(line.partition("#")[0] for line in lines))


def test_the_drafts_claims_are_built() -> None:
    header, _, claims = (
        (shared_data() / "vectors/status-list/examples/status_list_jwt.md")
        .read_text()
        .partition("\n.\n")
    )
    assert json.loads(header)["typ"] == "statuslist+jwt"
    assert SAME.as_claims() == json.loads(claims)


@pytest.mark.parametrize("signer", [ISSUER, P256_ISSUER, P384_ISSUER], ids=lambda s: s.algorithm)
def test_both_formats_say_the_same(signer: Signer) -> None:
    token = replace(
        SAME,
        issuer="did:example:1",
        statuses=replace(SAME.statuses, aggregation_uri="https://example.com/statuslists"),
    )
    kid = method_of(signer)
    as_jwt = parse_jws(sign_status_list_jwt(token, signer, kid=kid))
    as_cwt = read_status_list_cwt(sign_status_list_cwt(token, signer, kid=kid))
    for jws in (as_jwt, as_cwt):
        check_status_list_header(jws)
        assert verify_jws(jws, signer.public_key)
        assert read_status_list_token(jws.payload) == token
        assert jws.header["kid"] == kid
    assert as_jwt.payload == as_cwt.payload


CLAIMS = SAME.as_claims()


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("sub", None),
        ("sub", 1),
        ("iat", None),
        ("iat", "1686920170"),
        ("iat", True),
        ("iat", -1),
        ("iat", 1e300),
        ("nbf", "soon"),
        ("exp", "never"),
        ("exp", 10**15),
        ("ttl", 0),
        ("ttl", -1),
        ("ttl", "43200"),
        ("ttl", True),
        ("iss", 7),
        ("iss", {"id": URI}),
        ("status_list", None),
        ("status_list", []),
        ("status_list", {}),
        ("status_list", {"bits": 1, "lst": 1}),
    ],
)
def test_a_claim_of_another_kind_is_refused(claim: str, value: JsonValue) -> None:
    changed: JsonObject = {**CLAIMS, claim: value}
    if value is None:
        del changed[claim]
    with pytest.raises(StatusListMalformed):
        read_status_list_token(changed)
    assert read_status_list_token(CLAIMS) == SAME


def test_a_long_time_to_live_is_cut() -> None:
    assert read_status_list_token({**CLAIMS, "ttl": 10**15}).ttl == timedelta(days=366)


def signed(header: JsonObject) -> Jws:
    return Jws(header=header, payload=CLAIMS, signing_input=b"", signature=b"")


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ({}, JwsTypeRefused),
        ({"typ": "JWT"}, JwsTypeRefused),
        ({"typ": "vc+jwt"}, JwsTypeRefused),
        ({"typ": "statuslist+cwt"}, JwsTypeRefused),
        ({"typ": "statuslist+jwt", "jwk": {}}, JwsHeaderRefused),
        ({"typ": "statuslist+jwt", "jku": URI}, JwsHeaderRefused),
        ({"typ": "statuslist+jwt", "x5u": URI}, JwsHeaderRefused),
        ({"typ": "statuslist+jwt", "crit": ["b64"]}, JwsHeaderRefused),
        ({"typ": "statuslist+jwt", "b64": False}, JwsHeaderRefused),
        ({"typ": "statuslist+jwt", "zip": "DEF"}, JwsHeaderRefused),
    ],
    ids=str,
)
def test_a_token_for_another_use_is_refused(header: JsonObject, cause: type[Exception]) -> None:
    with pytest.raises(cause):
        check_status_list_header(signed(header))
    check_status_list_header(signed({"typ": "application/statuslist+JWT", "x5c": []}))


def test_a_list_speaks_of_its_own_address_and_time_alone() -> None:
    token = replace(SAME, issued_at=NOW, expires_at=NOW + timedelta(hours=1))
    token.check_answers(REFERENCE, now=NOW)
    with pytest.raises(StatusListMismatch):
        token.check_answers(replace(REFERENCE, uri=URI + "0"), now=NOW)
    for now in (NOW - timedelta(seconds=1), NOW + timedelta(hours=1)):
        with pytest.raises(StatusListStale):
            token.check_answers(REFERENCE, now=now)
        token.check_answers(REFERENCE, now=now, leeway=timedelta(seconds=2))


def test_a_list_holds_from_when_it_says() -> None:
    ahead = replace(SAME, issued_at=NOW, expires_at=None, not_before=NOW + timedelta(hours=1))
    assert read_status_list_token(ahead.as_claims()).not_before == ahead.not_before
    with pytest.raises(StatusListStale):
        ahead.check_answers(REFERENCE, now=NOW)
    ahead.check_answers(REFERENCE, now=NOW + timedelta(hours=1))


def test_a_reference_reads_back_as_written() -> None:
    assert StatusReference.from_claim(REFERENCE.as_claim()) == REFERENCE
    assert StatusReference.from_claim({"identifier_list": {}}) is None


@pytest.mark.parametrize(
    "status",
    [
        None,
        "x",
        [],
        {"status_list": None},
        {"status_list": []},
        {"status_list": {}},
        {"status_list": {"idx": 0}},
        {"status_list": {"uri": URI}},
        {"status_list": {"idx": -1, "uri": URI}},
        {"status_list": {"idx": "0", "uri": URI}},
        {"status_list": {"idx": True, "uri": URI}},
        {"status_list": {"idx": 0.0, "uri": URI}},
        {"status_list": {"idx": 2**53, "uri": URI}},
        {"status_list": {"idx": 0, "uri": ""}},
        {"status_list": {"idx": 0, "uri": "a\x00b"}},
        {"status_list": {"idx": 0, "uri": [URI]}},
    ],
    ids=str,
)
def test_a_reference_that_cannot_be_followed_is_refused(status: JsonValue) -> None:
    with pytest.raises(StatusEntryMalformed):
        StatusReference.from_claim(status)


TYPE, KID = {16: "application/statuslist+cwt"}, {4: b"12"}
CWT_CLAIMS: dict[int, object] = {
    2: URI, 6: 1686920170, 4: 2291720170, 65534: 43200, 65533: SAME.statuses.as_cbor(),
}  # fmt: skip


def a_cwt(
    protected: dict[int, object] | None = None,
    unprotected: dict[int, object] | None = None,
    /,
    **claims: object,
) -> bytes:
    changed = {**CWT_CLAIMS, **{int(label[1:]): value for label, value in claims.items()}}
    return sign1(
        {**TYPE, **(protected or {})},  # type: ignore[dict-item]
        {**KID, **(unprotected or {})},  # type: ignore[dict-item]
        cbor2.dumps(changed),
        P256_ISSUER,
    )


def test_a_plain_cwt_is_read() -> None:
    assert read_status_list_token(read_status_list_cwt(a_cwt()).payload) == SAME


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd2",
        a_cwt()[1:],
        b"\xd1" + a_cwt()[1:],
        b"\xd8\x3d" + a_cwt(),
        a_cwt() + b"\x00",
        a_cwt({16: "application/statuslist+jwt"}),
        a_cwt({16: 1}),
        a_cwt({2: [1]}),
        a_cwt({4: b"12"}),
        a_cwt(_65533=None),
        a_cwt(_65533={"bits": 1}),
        a_cwt(_65533={"bits": 1, "lst": "eNrbuRgAAhcBXQ"}),
        sign1({16: "application/statuslist+cwt"}, {}, b"\xa0", P256_ISSUER),
        sign1({16: "application/statuslist+cwt"}, {}, b"\x80", P256_ISSUER),
        sign1({}, {16: "application/statuslist+cwt"}, cbor2.dumps(CWT_CLAIMS), P256_ISSUER),
    ],
)  # fmt: skip
def test_a_cwt_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(StatusListMalformed):
        read_status_list_cwt(data)


@pytest.mark.parametrize(
    "claims",
    [
        {"_2": 1},
        {"_2": b"x"},
        {"_6": "now"},
        {"_6": float("nan")},
        {"_6": cbor2.CBORTag(1, 0)},
        {"_4": float("inf")},
        {"_65534": 0},
        {"_65534": float("nan")},
        {"_65533": {"bits": 3, "lst": b""}},
    ],
    ids=str,
)
def test_claims_of_a_cwt_are_checked_as_those_of_a_jwt(claims: dict[str, object]) -> None:
    with pytest.raises(StatusListMalformed):
        read_status_list_token(read_status_list_cwt(a_cwt(**claims)).payload)


def test_an_algorithm_in_the_open_header_counts_for_nothing() -> None:
    octets = cbor2.dumps({16: "application/statuslist+cwt"})
    message = [octets, {1: -7}, cbor2.dumps(CWT_CLAIMS), bytes(64)]
    jws = read_status_list_cwt(cbor2.dumps(cbor2.CBORTag(18, message)))
    assert jws.algorithm == ""
    assert not verify_jws(jws, P256_ISSUER.public_key)


def test_certificates_are_carried_over() -> None:
    assert read_status_list_cwt(a_cwt({}, {33: b"one"})).header["x5c"] == ["b25l"]
    assert read_status_list_cwt(a_cwt({}, {33: [b"one", 2]})).header["x5c"] == ["b25l", None]


@pytest.mark.parametrize(
    "status", [None, 1, {"status_list": {"idx": -1, "uri": URI}}, {"status_list": b"x"}]
)
def test_a_referenced_cwt_that_points_nowhere_is_refused(status: object) -> None:
    with pytest.raises(StatusEntryMalformed):
        read_referenced_cwt(sign1({}, {}, cbor2.dumps({65535: status}), P256_ISSUER))
    assert read_referenced_cwt(sign1({}, {}, cbor2.dumps({1: "x"}), P256_ISSUER)) is None
    with pytest.raises(StatusEntryMalformed):
        read_referenced_cwt(b"\xa0")


@given(st.binary(max_size=200))
def test_any_octets_are_a_cwt_or_are_refused(data: bytes) -> None:
    for octets in (data, b"\xd2\x84" + data):
        with pytest.raises(StatusListError):
            read_status_list_cwt(octets)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*CLAIMS, "iss"], json_values)))
def test_any_claims_are_a_list_or_are_refused(changes: JsonObject) -> None:
    with suppress(StatusListError):
        read_status_list_token({**CLAIMS, **changes}).statuses.status(0)
