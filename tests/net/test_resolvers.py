"""Foreign documents for a verification: own ones first, failures named, nothing kept too long."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.net.client import Fetched, GuardedClient
from skillpassport.net.errors import FetchFailed, FetchForbidden, FetchTimedOut, FetchTooLarge
from skillpassport.net.resolvers import (
    LONGEST_STATUS_KEPT_FOR,
    STATUS_KEPT_WITHOUT_TTL,
    NetworkResolvers,
    status_lifetime,
)
from skillpassport.vc.did import DidInvalid, DidUnresolvable
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.token_status import (
    StatusListToken,
    TokenStatusList,
    sign_status_list_cwt,
    sign_status_list_jwt,
)
from skillpassport.vc.verify import Resolvers, SchemaUnreachable
from tests.support.credentials import ISSUER, NOW, a_list, a_token, method_of

DID = "did:web:issuer.example:orgs:a"
URL = "https://issuer.example/orgs/a/did.json"
LIST = "https://issuer.example/status/1"
FAILURES = [
    FetchForbidden(URL, "a host in a private network"),
    FetchFailed(URL, "status 500"),
    FetchTooLarge(URL, 1),
    FetchTimedOut(URL, 5),
]


class FakeClient(GuardedClient):
    """Answers from a table and remembers what was asked."""

    def __init__(
        self, answers: dict[str, bytes | Exception], fresh_for: timedelta | None = None
    ) -> None:
        self.answers = answers
        self.fresh_for = fresh_for
        self.asked: list[str] = []

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int | None = None) -> Fetched:
        self.asked.append(url)
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return Fetched(answer, "application/json", self.fresh_for)


class Own:
    """An instance with one DID and one list of its own."""

    def did_document(self, did: str) -> JsonObject | None:
        return {"id": did, "own": True} if did == DID else None

    def status_list(self, url: str) -> bytes | str | None:
        return b"own" if url == LIST else None


def test_a_did_web_is_fetched_once_and_remembered() -> None:
    client = FakeClient({URL: json.dumps({"id": DID}).encode()})
    resolvers: Resolvers = NetworkResolvers(client)
    assert resolvers.did_document(DID) == resolvers.did_document(DID) == {"id": DID}
    assert client.asked == [URL]


def test_own_material_is_never_fetched() -> None:
    client = FakeClient({})
    resolvers = NetworkResolvers(client, Own())
    assert resolvers.did_document(DID)["own"] is True
    assert resolvers.status_list(LIST) == b"own"
    assert client.asked == []


def test_what_is_not_own_is_fetched() -> None:
    client = FakeClient({"https://other.example/s": b"theirs"})
    assert NetworkResolvers(client, Own()).status_list("https://other.example/s") == b"theirs"


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.code)
def test_whatever_keeps_a_document_away_makes_it_unreachable(failure: Exception) -> None:
    resolvers = NetworkResolvers(FakeClient({URL: failure, LIST: failure}))
    with pytest.raises(DidUnresolvable):
        resolvers.did_document(DID)
    with pytest.raises(StatusListUnreachable):
        resolvers.status_list(LIST)
    with pytest.raises(SchemaUnreachable):
        resolvers.schema(LIST)


def test_an_answer_that_is_not_json_leaves_the_did_unresolved() -> None:
    with pytest.raises(DidUnresolvable):
        NetworkResolvers(FakeClient({URL: b"<html>"})).did_document(DID)


@pytest.mark.parametrize("body", [b"{}", b'{"id":"did:web:other.example"}', b'{"id":5}'])
def test_a_document_of_another_did_is_refused(body: bytes) -> None:
    with pytest.raises(DidInvalid):
        NetworkResolvers(FakeClient({URL: body})).did_document(DID)


@pytest.mark.parametrize(
    "did", ["did:web:127.0.0.1", "did:web:issuer.example:..:x", "did:example:1", "x", "did:web:"]
)
def test_a_did_that_did_web_cannot_name_is_refused_without_a_fetch(did: str) -> None:
    client = FakeClient({})
    with pytest.raises(DidInvalid):
        NetworkResolvers(client).did_document(did)
    assert client.asked == []


@pytest.mark.parametrize(
    ("subject", "lifetime"),
    [
        ({"ttl": 60_000}, timedelta(minutes=1)),
        ({"ttl": 0}, timedelta(0)),
        ({"ttl": -5}, timedelta(0)),
        ({"ttl": 10**12}, LONGEST_STATUS_KEPT_FOR),
        ({"ttl": "60000"}, STATUS_KEPT_WITHOUT_TTL),
        ({"ttl": True}, STATUS_KEPT_WITHOUT_TTL),
        ({}, STATUS_KEPT_WITHOUT_TTL),
        ([], STATUS_KEPT_WITHOUT_TTL),
    ],
)
def test_a_list_is_kept_for_its_ttl_and_never_past_five_minutes(
    subject: object, lifetime: timedelta
) -> None:
    assert status_lifetime(json.dumps({"credentialSubject": subject}).encode()) == lifetime


@given(st.binary(max_size=200))
def test_no_list_is_kept_past_five_minutes_whatever_it_holds(published: bytes) -> None:
    assert timedelta(0) <= status_lifetime(published) <= LONGEST_STATUS_KEPT_FOR


LISTED = StatusListToken(
    uri=LIST,
    issued_at=NOW,
    ttl=timedelta(minutes=2),
    statuses=TokenStatusList.of(b"\x00", bits=1),
)
KID = method_of(ISSUER)


@pytest.mark.parametrize(
    ("published", "lifetime"),
    [
        (sign_status_list_jwt(LISTED, ISSUER, kid=KID).encode(), timedelta(minutes=2)),
        (sign_status_list_cwt(LISTED, ISSUER, kid=KID), timedelta(minutes=2)),
        (
            sign_status_list_jwt(replace(LISTED, ttl=timedelta(days=1)), ISSUER, kid=KID).encode(),
            LONGEST_STATUS_KEPT_FOR,
        ),
        (
            sign_status_list_jwt(replace(LISTED, ttl=None), ISSUER, kid=KID).encode(),
            STATUS_KEPT_WITHOUT_TTL,
        ),
        (a_token(a_list(LIST)).encode(), STATUS_KEPT_WITHOUT_TTL),
    ],
    ids=["JWT", "CWT", "a day", "none", "credential as JWT"],
)
def test_a_token_list_is_kept_for_its_ttl(published: bytes, lifetime: timedelta) -> None:
    assert status_lifetime(published) == lifetime


def test_the_list_comes_before_the_headers_and_the_headers_before_the_default() -> None:
    minute = {"credentialSubject": {"ttl": 60_000}}
    for fresh_for in (timedelta(0), timedelta(seconds=7), timedelta(days=1)):
        assert status_lifetime(json.dumps(minute).encode(), fresh_for) == timedelta(minutes=1)
        assert status_lifetime(b"{}", fresh_for) == min(fresh_for, LONGEST_STATUS_KEPT_FOR)


@pytest.mark.parametrize(
    ("fresh_for", "times"), [(None, 1), (timedelta(0), 2), (timedelta(days=9), 1)]
)
def test_a_did_document_is_kept_as_long_as_its_host_says(
    fresh_for: timedelta | None, times: int
) -> None:
    client = FakeClient({URL: json.dumps({"id": DID}).encode()}, fresh_for)
    resolvers = NetworkResolvers(client)
    assert resolvers.did_document(DID) == resolvers.did_document(DID)
    assert len(client.asked) == times
