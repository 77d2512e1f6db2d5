"""What a stranger can make this service fetch: little, briefly, and never itself."""

import shutil
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from skillpassport.net import budget
from skillpassport.net.budget import MAX_QUESTIONS, BoundedResolvers
from skillpassport.net.client import Fetched, GuardedClient
from skillpassport.net.errors import FetchForbidden
from skillpassport.net.resolvers import NetworkResolvers, NothingOwn
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.did import DidUnresolvable
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.verify import SchemaUnreachable
from tests.support.awards import Story, verify
from tests.support.credentials import (
    ISSUER,
    a_credential,
    a_list,
    as_text,
    signed,
    signed_text,
)
from tests.support.instances import PUBLIC_URL, Served, an_instance
from tests.support.patience import PATIENCE
from tests.support.tls_server import Host, answering, running, write_certificate


@pytest.fixture
def asked(standing: Served, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is asked of the network, and answer nothing."""
    urls: list[str] = []

    def get(url: str, **_options: object) -> None:
        urls.append(url)
        raise FetchForbidden("an address", "the network of a test")

    monkeypatch.setattr(standing.instance.client, "get", get)
    return urls


OWN_SPELLINGS = (
    PUBLIC_URL,
    f"{PUBLIC_URL}/",
    f"{PUBLIC_URL}/status/abc",
    f"{PUBLIC_URL}/api/v1/me",
    f"{PUBLIC_URL}:443/.well-known/did.json",
    f"{PUBLIC_URL.upper()}/X",
    f"{PUBLIC_URL}./x",
    f"{PUBLIC_URL}/v/..%2fapi",
    "https://someone@passport.example/metrics",
)


@pytest.mark.parametrize("url", OWN_SPELLINGS)
def test_no_spelling_of_the_own_address_is_fetched(
    standing: Served, asked: list[str], url: str
) -> None:
    report = verify(standing, url=url)
    assert (report["verdict"], asked) == ("unreadable", [])


def test_the_address_in_a_qr_is_answered_from_the_own_store(
    standing_story: Story, asked: list[str]
) -> None:
    made = standing_story.award(awarded_on="2026-06-01")
    code = made["code"]
    for url in (
        made["links"]["verify"],
        f"HTTPS://PASSPORT.EXAMPLE/V/{code}",
        f"https://passport.example:443/v/{code.lower()}?destination=NO",
    ):
        assert verify(standing_story.served, url=url)["verdict"] == "valid"
    assert asked == []


NO_ADDRESSES = (
    "https://[",
    "https://[::1",
    "http://[x]/",
    "https://passport.example:99999/",
    "https://\u2100.example/",
    "https://x:y:z/",
    "//x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://x.example:22/",
    "https://user:secret@x.example/",
    "https://x.example\\@127.0.0.1/",
    "data:application/json,{}",
    "did:web:x.example",
    "x" * 2_000,
)


@pytest.mark.parametrize("url", NO_ADDRESSES, ids=range(len(NO_ADDRESSES)))
def test_an_address_that_is_not_followed_leaves_the_question_open(
    standing: Served, url: str
) -> None:
    answer = standing.post("/api/v1/verifications", {"url": url})
    assert answer.status_code == 200, answer.text
    assert answer.json()["verdict"] == "undetermined"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "did",
    [
        "did:web:passport.example:orgs:nobody",
        "did:web:passport.example:orgs:..:orgs:college",
        "did:web:127.0.0.1",
        "did:web:localhost%3A22",
        "did:web:10.0.0.1%3A443",
        "did:web:x.example%2F..%2Fadmin",
        "did:web:x.example%40127.0.0.1",
        "did:web:%5B%3A%3A1%5D",
    ],
)
def test_an_issuer_at_an_inner_address_is_never_valid(standing: Served, did: str) -> None:
    document = signed(a_credential(issuer=did), method=f"{did}#key-1")
    answer = standing.post("/api/v1/verifications", {"document": document})
    assert answer.status_code == 200
    assert answer.json()["verdict"] in {"invalid", "undetermined"}


@pytest.mark.parametrize(
    "did",
    ["did:web:passport.example:x", "did:web:PASSPORT.example", "did:web:passport.example%3A443"],
)
def test_no_document_makes_the_service_ask_itself(standing: Served, did: str) -> None:
    """The tests' network forbids even the look-up, which would be a fault here."""
    own = f"{PUBLIC_URL}/.well-known/did.json"
    entry: JsonValue = StatusEntry(purpose="revocation", list_url=own, index=1).as_json()
    schema: JsonValue = {"id": own, "type": "JsonSchema"}
    document = signed(
        a_credential(issuer=did, credentialStatus=entry, credentialSchema=schema),
        method=f"{did}#key-1",
    )
    report = verify(standing, document=document)
    outcomes = {check["outcome"] for check in report["checks"] if check["name"] == "status"}
    assert outcomes == {"unchecked"}
    assert report["verdict"] in {"invalid", "undetermined"}


class Counting:
    """A network that counts, and answers nothing."""

    def __init__(self) -> None:
        self.questions = 0
        self.keeps: Callable[[], None] = lambda: None

    def get(self, _url: str, **_options: object) -> None:
        self.questions += 1
        self.keeps()
        raise FetchForbidden("an address", "the network of a test")


def bounded(clock: list[float] | None = None) -> tuple[BoundedResolvers, Counting]:
    counting, now = Counting(), clock or [0.0]
    network = NetworkResolvers(counting)  # type: ignore[arg-type]  # a client that counts
    return BoundedResolvers(network, NothingOwn(), lambda: now[0]), counting


def advance(clock: list[float], seconds: float) -> None:
    clock[0] += seconds


def test_one_document_asks_so_much_of_strangers_and_no_more() -> None:
    resolvers, counting = bounded()
    for number in range(40):
        with pytest.raises(DidUnresolvable):
            resolvers.did_document(f"did:web:h{number}.example")
        with pytest.raises(StatusListUnreachable):
            resolvers.status_list(f"https://h{number}.example/list")
        with pytest.raises(SchemaUnreachable):
            resolvers.schema(f"https://h{number}.example/schema")
    assert counting.questions == MAX_QUESTIONS


def test_after_its_time_a_document_asks_nothing_more() -> None:
    clock = [0.0]
    resolvers, counting = bounded(clock)
    with pytest.raises(SchemaUnreachable):
        resolvers.schema("https://a.example/")
    clock[0] = budget.MAX_SECONDS
    with pytest.raises(SchemaUnreachable):
        resolvers.schema("https://b.example/")
    assert counting.questions == 1


def test_after_a_host_that_kept_us_waiting_for_nothing_nobody_else_is_asked() -> None:
    """Its answer stays open, so that the document is not valid whatever the others say."""
    clock = [0.0]
    resolvers, counting = bounded(clock)
    for spent in (0.0, budget.MAX_LOST_SECONDS):  # one that refuses at once costs nothing
        counting.keeps = partial(advance, clock, spent)
        with pytest.raises(StatusListUnreachable):
            resolvers.status_list(f"https://a.example/{spent}")
    with pytest.raises(DidUnresolvable):
        resolvers.did_document("did:web:b.example")
    assert counting.questions == 2


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return write_certificate(tmp_path)


@pytest.fixture
def reachable(
    instance_template: Path, tmp_path: Path, certificate: tuple[Path, Path]
) -> Iterator[tuple[Served, ExitStack]]:
    """Give an instance that trusts hosts of this machine, and a stack to run them on."""
    folder = tmp_path / "var"
    shutil.copytree(instance_template, folder)
    with ExitStack() as stack, an_instance(folder) as served:
        served.set_day("2026-11-22")
        yield served, stack


def allow(
    served: Served,
    hosts: list[Host],
    certificate: tuple[Path, Path],
    seconds: float = PATIENCE,
) -> None:
    """Let the instance reach the hosts, and wait so long for each answer."""
    client = GuardedClient(
        frozenset(("localhost", host.port) for host in hosts),
        ca_file=certificate[0],
        seconds=seconds,
    )
    served.instance.client = client
    served.instance.network = NetworkResolvers(client)


def never(_connection: ssl.SSLSocket, stop: threading.Event) -> None:
    stop.wait(2 * PATIENCE)


def endless(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/vc\r\n\r\n")
    while not stop.is_set():
        connection.sendall(b" " * 65_536)


def with_entry(url: str) -> JsonObject:
    entry: JsonValue = StatusEntry(purpose="revocation", list_url=url, index=11).as_json()
    return signed(a_credential(credentialStatus=entry))


def test_a_list_is_fetched_and_its_troubles_are_no_good_news(
    reachable: tuple[Served, ExitStack], certificate: tuple[Path, Path]
) -> None:
    served, stack = reachable
    body = [b""]

    def list_of_the_day(connection: ssl.SSLSocket, stop: threading.Event) -> None:
        answering(body[0])(connection, stop)

    good = stack.enter_context(running(list_of_the_day, certificate))
    moved = stack.enter_context(
        running(
            answering(b"", status="302 Found", headers=(f"Location: {good.url()}",)), certificate
        )
    )
    silent = stack.enter_context(running(never, certificate))
    flood = stack.enter_context(running(endless, certificate))
    page = stack.enter_context(running(answering(b"<html>"), certificate))
    body[0] = signed_text(a_list(good.url()), ISSUER).encode()
    allow(served, [good, moved, silent, flood, page], certificate)
    control = verify(served, document=with_entry(good.url()))
    assert [c["outcome"] for c in control["checks"] if c["name"] == "status"] == ["passed"]
    allow(served, [good, moved, silent, flood, page], certificate, seconds=0.4)
    for host in (moved, silent, flood, page):
        began = time.monotonic()
        report = verify(served, document=with_entry(host.url()))
        outcomes = {c["outcome"] for c in report["checks"] if c["name"] == "status"}
        assert outcomes <= {"failed", "unchecked"}
        assert report["verdict"] != "valid"
        assert time.monotonic() - began < PATIENCE


def test_many_slow_hosts_do_not_add_up(
    reachable: tuple[Served, ExitStack],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight lists and sixteen keys, each silent until its deadline, once took their sum."""
    served, stack = reachable
    host = stack.enter_context(running(never, certificate))
    allow(served, [host], certificate, seconds=0.3)
    monkeypatch.setattr(budget, "MAX_LOST_SECONDS", 0.2)
    asked, get = [], GuardedClient.get

    def count(client: GuardedClient, url: str, **options: Any) -> Fetched:  # noqa: ANN401
        asked.append(url)
        return get(client, url, **options)

    monkeypatch.setattr(GuardedClient, "get", count)
    entries: list[JsonValue] = [
        StatusEntry(purpose="revocation", list_url=host.url(f"/{n}"), index=1).as_json()
        for n in range(8)
    ]
    report = verify(served, document=signed(a_credential(credentialStatus=entries)))
    assert report["verdict"] == "undetermined"
    assert len(asked) == 1


def test_a_document_behind_a_link_is_verified_like_one_that_was_sent(
    reachable: tuple[Served, ExitStack], certificate: tuple[Path, Path]
) -> None:
    served, stack = reachable
    document = as_text(signed(a_credential())).encode()
    good = stack.enter_context(running(answering(document), certificate))
    bomb = stack.enter_context(running(endless, certificate))
    allow(served, [good, bomb], certificate)
    assert "issuer-unknown" in str(verify(served, url=good.url()))
    report = verify(served, url=bomb.url())
    assert (report["verdict"], report["subject"]) == ("undetermined", {"withheld": True})
