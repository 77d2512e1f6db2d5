"""The status of tokens in a verification: what the issuer's own list says, and no other's."""

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from skillpassport.vc.checks.session import Policy
from skillpassport.vc.jose import sign_jws
from skillpassport.vc.keys import Signer
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.sdjwt import Concealment, SdJwt
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.token_status import (
    StatusListToken,
    StatusReference,
    TokenStatusList,
    new_statuses,
    set_status,
    sign_status_list_cwt,
    sign_status_list_jwt,
)
from skillpassport.vc.verify import Verification, verify
from tests.support.certificates import a_certified_signer, an_authority
from tests.support.credentials import (
    ISSUER,
    NOW,
    P256_ISSUER,
    P384_ISSUER,
    STRANGER,
    FakeResolvers,
    a_credential,
    a_token,
    did_of,
    method_of,
)

URI = "https://issuer.example/status/token"
REFERENCE = StatusReference(uri=URI, index=11)
LISTED = StatusListToken(
    uri=URI,
    issuer=did_of(P256_ISSUER),
    issued_at=NOW - timedelta(hours=1),
    expires_at=NOW + timedelta(hours=1),
    ttl=timedelta(minutes=5),
    statuses=TokenStatusList.of(new_statuses(1000, 4), bits=4),
)


def saying(value: int) -> StatusListToken:
    array = new_statuses(1000, 4)
    set_status(array, REFERENCE.index, value, bits=4)
    return replace(LISTED, statuses=TokenStatusList.of(array, bits=4))


def as_jwt(token: StatusListToken = LISTED, signer: Signer = P256_ISSUER) -> str:
    return sign_status_list_jwt(token, signer, kid=method_of(signer))


def as_cwt(token: StatusListToken = LISTED, signer: Signer = P256_ISSUER) -> bytes:
    return sign_status_list_cwt(token, signer, kid=method_of(signer))


def issued(status: JsonValue = None, signer: Signer = P256_ISSUER) -> SdJwt:
    claims: JsonObject = {
        "vct": "https://types.example/welder",
        "iss": did_of(signer),
        "status": status or REFERENCE.as_claim(),
    }
    return issue_sd_jwt_vc(claims, signer, concealment=Concealment(paths=()), kid=method_of(signer))


def checked(text: str, published: bytes | str | None, policy: Policy | None = None) -> Verification:
    resolvers = FakeResolvers(status_lists={} if published is None else {URI: published})
    return verify(text, resolvers=resolvers, now=NOW, policy=policy or Policy())


def status_of(verification: Verification) -> list[tuple[Outcome, str]]:
    return [
        (check.outcome, check.code)
        for check in verification.report.checks
        if check.name == "status"
    ]


@pytest.mark.parametrize("published", [as_jwt, as_cwt], ids=["JWT", "CWT"])
@pytest.mark.parametrize(
    ("value", "outcome", "code", "verdict"),
    [
        (0, Outcome.PASSED, "status-clear", Verdict.VALID),
        (1, Outcome.FAILED, "credential-revoked", Verdict.INVALID),
        (2, Outcome.FAILED, "credential-suspended", Verdict.INVALID),
        (3, Outcome.UNCHECKED, "status-purpose-unknown", Verdict.UNDETERMINED),
        (7, Outcome.UNCHECKED, "status-purpose-unknown", Verdict.UNDETERMINED),
        (15, Outcome.UNCHECKED, "status-purpose-unknown", Verdict.UNDETERMINED),
    ],
)
def test_a_status_is_what_the_list_says(
    published: Callable[[StatusListToken], bytes | str],
    value: int,
    outcome: Outcome,
    code: str,
    verdict: Verdict,
) -> None:
    verification = checked(issued().text, published(saying(value)))
    assert status_of(verification) == [(outcome, code)]
    assert verification.report.verdict is verdict


@pytest.mark.parametrize("signer", [ISSUER, P384_ISSUER], ids=lambda s: s.algorithm)
def test_a_list_is_signed_with_any_key_of_the_issuer(signer: Signer) -> None:
    listed = replace(LISTED, issuer=did_of(signer))
    for published in (
        as_jwt(listed, signer),
        as_cwt(listed, signer),
        as_jwt(listed, signer) + "\n",
    ):
        assert checked(issued(signer=signer).text, published).report.verdict is Verdict.VALID
    unnamed = as_jwt(replace(LISTED, issuer=None), signer)
    assert checked(issued(signer=signer).text, unnamed).report.verdict is Verdict.VALID


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def with_header(**header: JsonValue) -> str:
    members: JsonObject = {"typ": "statuslist+jwt", "kid": method_of(P256_ISSUER), **header}
    kept: JsonObject = {name: value for name, value in members.items() if value is not None}
    return sign_jws(kept, LISTED.as_claims(), P256_ISSUER)


BOMB = TokenStatusList(bits=1, compressed=zlib.compress(bytes(2**26), 9))

HOSTILE: list[tuple[str, bytes | str | None, str]] = [
    ("unreachable", None, "status-unreachable"),
    ("a page", b"<html>", "status-list-malformed"),
    ("empty", b"", "status-list-malformed"),
    ("not ASCII", "é".encode(), "status-list-malformed"),
    ("one octet of CBOR", b"\xd2", "status-list-malformed"),
    ("a credential", json.dumps(a_credential()), "status-list-malformed"),
    ("another signer", as_jwt(signer=STRANGER), "status-list-unproven"),
    ("another signer in CBOR", as_cwt(signer=STRANGER), "status-list-unproven"),
    ("another issuer", as_jwt(replace(LISTED, issuer=did_of(STRANGER)), STRANGER), "status-list-mismatch"),
    ("unnamed, another signer", as_jwt(replace(LISTED, issuer=None), STRANGER), "status-list-unproven"),
    ("signature changed", as_jwt()[:-4] + "AAAA", "status-list-unproven"),
    ("signature changed in CBOR", flipped(as_cwt()), "status-list-unproven"),
    ("another address", as_jwt(replace(LISTED, uri=URI + "2")), "status-list-mismatch"),
    ("expired", as_jwt(replace(LISTED, expires_at=NOW)), "status-stale"),
    ("not yet", as_cwt(replace(LISTED, issued_at=NOW + timedelta(seconds=1))), "status-stale"),
    ("short", as_jwt(replace(LISTED, statuses=TokenStatusList.of(b"\x00", bits=1))), "status-index-out-of-range"),
    ("bomb", as_jwt(replace(LISTED, statuses=BOMB)), "status-list-too-large"),
    ("bomb in CBOR", as_cwt(replace(LISTED, statuses=BOMB)), "status-list-too-large"),
    ("another type", with_header(typ="JWT"), "status-list-unproven"),
    ("no type", with_header(typ=None), "status-list-unproven"),
    ("no key named", with_header(kid=None), "status-clear"),
    ("a relative key", with_header(kid="#nowhere"), "status-list-unproven"),
    ("own key in the header", with_header(jwk={}), "status-list-unproven"),
    ("no algorithm", with_header(alg="none"), "status-list-unproven"),
    ("shared secret", with_header(alg="HS256"), "status-list-unproven"),
    ("certificates nobody vouches for", with_header(x5c=["AAAA"]), "status-clear"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "published", "code"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_a_list_that_does_not_answer_clears_nobody(
    name: str, published: bytes | str | None, code: str
) -> None:
    verification = checked(issued().text, published)
    assert [found for _, found in status_of(verification)] == [code]
    if code != "status-clear":  # a did:key names its key by itself, whatever the header adds
        assert verification.report.verdict is not Verdict.VALID


def test_a_key_that_cannot_be_had_leaves_the_status_open() -> None:
    listed = replace(LISTED, issuer="did:web:issuer.example")
    claims: JsonObject = {
        "vct": "urn:x",
        "iss": "did:web:issuer.example",
        "status": REFERENCE.as_claim(),
    }
    kid = "did:web:issuer.example#1"
    text = issue_sd_jwt_vc(claims, P256_ISSUER, concealment=Concealment(paths=()), kid=kid).text
    verification = checked(text, sign_status_list_jwt(listed, P256_ISSUER, kid=kid))
    assert status_of(verification) == [(Outcome.UNCHECKED, "status-unreachable")]
    assert verification.report.verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ({"status_list": {"idx": 11, "uri": ""}}, "status-entry-malformed"),
        ({"status_list": {"idx": "11", "uri": URI}}, "status-entry-malformed"),
        ({"status_list": {"idx": 1000, "uri": URI}}, "status-index-out-of-range"),
        ({"identifier_list": {"id": "x"}}, "status-type-unknown"),
    ],
)
def test_no_bent_claim_counts_as_in_force(status: JsonObject, code: str) -> None:
    verification = checked(issued(status).text, as_jwt())
    assert [found for _, found in status_of(verification)] == [code]
    assert verification.report.verdict is not Verdict.VALID


def test_an_issuer_known_by_certificates_signs_its_list_under_the_same() -> None:
    root = an_authority()
    mine, other = (a_certified_signer(root, name=name) for name in ("Mine", "Other"))
    policy = Policy(trust_anchors=(root.der,))

    def listed_by(signer: Signer, chain: tuple[str, ...]) -> str:
        header: JsonObject = {"typ": "statuslist+jwt", "x5c": [*chain]}
        return sign_jws(header, replace(LISTED, issuer=None).as_claims(), signer)

    text = issue_sd_jwt_vc(
        {"vct": "urn:x", "status": REFERENCE.as_claim()},
        mine.signer,
        concealment=Concealment(paths=()),
        certificates=mine.chain,
    ).text
    good = checked(text, listed_by(mine.signer, mine.chain), policy)
    assert good.report.verdict is Verdict.VALID, good.report.failures
    for forged in (listed_by(other.signer, other.chain), listed_by(other.signer, mine.chain)):
        assert [code for _, code in status_of(checked(text, forged, policy))] == [
            "status-list-unproven"
        ]


def test_the_claim_of_a_w3c_token_is_checked_beside_its_own_status() -> None:
    token = a_token(
        a_credential(status=REFERENCE.as_claim(), issuer=did_of(P256_ISSUER)), P256_ISSUER
    )
    assert (Outcome.FAILED, "credential-revoked") in status_of(checked(token, as_jwt(saying(1))))
    assert status_of(checked(token, as_jwt())) == [(Outcome.PASSED, "status-clear")]


def test_skipping_the_status_is_named() -> None:
    verification = checked(issued().text, None, Policy(unsafe_skip_status=True))
    assert status_of(verification) == [(Outcome.NOT_APPLICABLE, "status-skipped")]
