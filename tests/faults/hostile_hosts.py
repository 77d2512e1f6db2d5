"""Bring documents that lead to hosts which mean no good, and documents that are meant to be dear.

    python -m tests.faults.hostile_hosts 3

Hosts on this machine speak TLS under a certificate of their own, which the server trusts by
SSL_CERT_FILE and may reach by SKILLPASSPORT_FETCH_ALLOW. Each document leads to one of them: by its
status list, its issuer, its schema. It is brought to the product's own route, to the VC-API's, and in a
presentation; under a suite over JCS, one over RDF, and as a token. Promised is that none is called
valid, that each is answered within two seconds, that the server's memory stays below 512 MiB and that
it answers others meanwhile.
"""

import os
import ssl
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from skillpassport.vc.multibase import encode_multibase64url
from skillpassport.vc.strict_json import JsonValue
from skillpassport.vc.token_status import StatusListToken, TokenStatusList, sign_status_list_jwt
from tests.faults.hostile_documents import (
    SUITES,
    Brought,
    dear_credentials,
    dear_documents,
    pointing_to,
    presented,
    token_pointing_to,
    with_eight_lists,
    with_issuer_at,
    with_schema_at,
)
from tests.faults.proving_ground import (
    ADMIN_KEY,
    Answer,
    Client,
    Promise,
    ground,
    judged,
    percentile,
    run,
)
from tests.support.commands import Server
from tests.support.credentials import ISSUED, ISSUER, a_list, method_of, signed_text
from tests.support.tls_server import Host, Script, answering, running, write_certificate

GOAL_SECONDS: Final = 2.0
GOAL_MEBIBYTES: Final = 512
GIBIBYTE: Final = 2**30

FILLING: Final = ("a-gibibyte", "gzip-bomb", "list-bomb", "400-nodes-alike")
CROWD: Final = 8
"""How often each of those is brought at the same moment."""

CROWD_SECONDS: Final = 10.0
"""Eight graphs take their turns on one core; a client goes away after that."""

EVERYWHERE: Final = tuple(
    (route, suite) for route in ("product", "vc-api", "presentation") for suite in SUITES
)
ONCE: Final = (
    ("product", SUITES[0]), ("vc-api", SUITES[1]), ("presentation", SUITES[1]), ("vc-api", SUITES[2]),
)  # fmt: skip
"""Each document by some way, for the tests."""

Ways = tuple[tuple[str, str], ...]

# --- hosts ------------------------------------------------------------------------------------


def silent(_connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Say nothing."""
    stop.wait(10)


def dripping_headers(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Send a header that never ends, an octet at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Wait: ")
    while not stop.wait(0.05):
        connection.sendall(b"a")


def endless_headers(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Send one header after the other, as fast as it goes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not stop.is_set():
        connection.sendall(b"X-Wait: a\r\n" * 5000)


def dripping_body(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Send a body of which the head promises much, an octet at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    while not stop.wait(0.05):
        connection.sendall(b" ")


def a_gibibyte(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Send a gigabyte, as announced."""
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {GIBIBYTE}\r\n\r\n".encode())
    for _ in range(GIBIBYTE // 65_536):
        if stop.is_set():
            return
        connection.sendall(b" " * 65_536)


def endless_body(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Send a body without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/vc\r\n\r\n")
    while not stop.is_set():
        connection.sendall(b" " * 65_536)


@cache
def compressed(size: int, window: int) -> bytes:
    """Return so many zeros, compressed."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, window)
    parts = [compressor.compress(bytes(2**22)) for _ in range(size // 2**22)]
    return b"".join(parts) + compressor.flush()


# --- cases -----------------------------------------------------------------------------------


def listed(url: str, compressed_list: bytes) -> bytes:
    """Return a well-signed list credential with this content."""
    credential = a_list(url)
    subject = credential["credentialSubject"]
    assert isinstance(subject, dict)
    encoded = encode_multibase64url(compressed_list)
    return signed_text(
        {**credential, "credentialSubject": {**subject, "encodedList": encoded}}
    ).encode()


def token_listed(url: str, compressed_list: bytes) -> bytes:
    """Return a well-signed list token with this content."""
    statuses = TokenStatusList(bits=1, compressed=compressed_list)
    token = StatusListToken(uri=url, issued_at=ISSUED, statuses=statuses)
    return sign_status_list_jwt(token, ISSUER, kid=method_of(ISSUER)).encode()


@dataclass(frozen=True, slots=True)
class Stage:
    """The hosts of one run, each under its name."""

    hosts: dict[str, Host]
    bodies: dict[str, bytes]

    def documents(self, mark: str, suite: str) -> Iterator[Brought]:
        """Yield every document under a suite; with addresses of its own, so that nothing is kept.

        mark: what is in no other address
        suite: out of `SUITES`; the last is a token
        """
        is_token = suite == SUITES[-1]
        for name, host in self.hosts.items():
            url = host.url(f"/{mark}")
            if name.startswith("token-") == is_token:
                self._prepare(name, url)
                document = token_pointing_to(url) if is_token else pointing_to(url, suite)
                yield Brought(name, document, is_control=name.endswith("control"))
        if is_token:
            return
        yield from self._otherwise(mark, suite)
        for number, origin in enumerate(
            ("https://127.0.0.1", "https://10.0.0.1", "http://localhost", "https://[::1]")
        ):
            yield Brought(f"private-address-{number}", pointing_to(f"{origin}/{mark}", suite))
        yield from dear_documents(suite)

    def _otherwise(self, mark: str, suite: str) -> Iterator[Brought]:
        """Yield documents that lead to hosts by other members, or by many."""
        silent, dripping = self.hosts["silent"], self.hosts["drips-body"]
        yield Brought(
            "issuer-drips-headers", with_issuer_at(self.hosts["drips-headers"].port, mark)
        )
        yield Brought("schema-drips-body", with_schema_at(dripping.url(f"/{mark}"), suite))
        yield Brought("eight-lists-silent", with_eight_lists(silent.url(f"/{mark}"), suite))
        yield Brought("eight-lists-drip", with_eight_lists(dripping.url(f"/{mark}"), suite))

    def _prepare(self, name: str, url: str) -> None:
        """Sign what a host is to answer under this address, where it must be well signed."""
        gzip, deflate = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS
        makes: dict[str, Callable[[], bytes]] = {
            "control": lambda: listed(url, compressed(2**22, gzip)),
            "token-control": lambda: token_listed(url, compressed(2**22, deflate)),
            "list-bomb": lambda: listed(url, compressed(GIBIBYTE // 2, gzip)),
            "token-list-bomb": lambda: token_listed(url, compressed(GIBIBYTE // 2, deflate)),
        }
        if name in makes:
            self.bodies[name] = makes[name]()


@contextmanager
def stage(certificate: tuple[Path, Path]) -> Iterator[Stage]:
    """Run every host until the block ends."""
    bodies: dict[str, bytes] = {}

    def giving(name: str) -> Script:
        def give(connection: ssl.SSLSocket, stop: threading.Event) -> None:
            answering(bodies[name])(connection, stop)  # which was made after the host was started

        return give

    bomb = compressed(GIBIBYTE, 16 + zlib.MAX_WBITS)
    scripts: dict[str, Script] = {
        "control": giving("control"),
        "token-control": giving("token-control"),
        "silent": silent,
        "drips-headers": dripping_headers,
        "endless-headers": endless_headers,
        "drips-body": dripping_body,
        "a-gibibyte": a_gibibyte,
        "endless-body": endless_body,
        "gzip-bomb": answering(bomb, headers=("Content-Encoding: gzip",)),
        "list-bomb": giving("list-bomb"),
        "token-list-bomb": giving("token-list-bomb"),
        "redirects": answering(b"", status="302 Found", headers=("Location: https://127.0.0.1/",)),
    }
    with ExitStack() as stack:
        hosts = {
            name: stack.enter_context(running(script, certificate))
            for name, script in scripts.items()
        }
        yield Stage(hosts, bodies)


# --- the run ----------------------------------------------------------------------------------


def play(engine: str, rounds: int, *, ways: Ways = EVERYWHERE, patience: float = 1.0) -> bool:
    """Bring every document so many times, and judge.

    ways: route and suite, each
    patience: by how much a goal in seconds may be missed, where the machine is busy with other things
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        certificate = write_certificate(Path(folder))
        os.environ["SSL_CERT_FILE"] = str(certificate[0])
        staged = stack.enter_context(stage(certificate))
        allowed = ",".join(f"localhost:{host.port}" for host in staged.hosts.values())
        prepared = stack.enter_context(ground(engine, fetch_allow=allowed))
        server = stack.enter_context(prepared.served())
        slowest: dict[str, Promise] = {}
        with watching(server) as waits:
            for number in range(rounds):
                for promise in played(server, staged, number, ways):
                    before = slowest.setdefault(promise.name, promise)
                    slowest[promise.name] = max(before, promise, key=lambda each: each.found)
            crowd = all_at_once(server, staged)
        largest = max(memory_of(server.process.pid))
        last = Client(server.port)
        alive = last.ask("/livez").status == 200
        last.close()
    return judged(
        f"hostile-hosts/{engine}",
        [
            *(replace(each, goal=each.goal * patience) for each in slowest.values()),
            Promise("largest-memory-mebibytes", largest, GOAL_MEBIBYTES, facts={"rounds": rounds}),
            Promise(
                "slowest-health-meanwhile",
                round(max(waits), 3),
                1.0 * patience,
                facts={"p99": round(percentile(waits, 0.99), 3), "of": len(waits)},
            ),
            replace(crowd, goal=crowd.goal * patience),
            Promise("still-answering", int(alive), 1, at_least=True),
        ],
    )


def played(server: Server, staged: Stage, number: int, ways: Ways) -> Iterator[Promise]:
    """Bring every document to the routes, and yield how long each took."""
    for route, suite in ways:
        # The mark is a part of a did:web as well, where a '+' may not stand.
        for brought in staged.documents(f"{number}-{route}-{suite.replace('+', '-')}", suite):
            yield bring(server, brought, route, suite)
    with _signing(server) as issue:
        for name, credential in dear_credentials():
            answer = issue(credential)
            is_right = answer.status in {201, 400, 413, 422}
            yield Promise(
                f"seconds-{name}/issue/eddsa-rdfc-2022",
                round(answer.seconds, 2) if is_right else float("inf"),
                GOAL_SECONDS,
                facts={"status": answer.status, "told": answer.code},
            )


def bring(server: Server, brought: Brought, route: str, suite: str) -> Promise:
    """Have one document verified, and return how long it took; a wrong verdict takes for ever."""
    client = Client(server.port, timeout=120)  # what is late is told, not an error
    paths: dict[str, tuple[str, JsonValue]] = {
        "product": ("/api/v1/verifications", {"document": brought.document}),
        "vc-api": ("/vc/credentials/verify", {"verifiableCredential": brought.document}),
        "presentation": (
            "/vc/presentations/verify",
            {"verifiablePresentation": presented(brought.document)},
        ),
    }
    answer = client.ask(*paths[route])
    client.close()
    is_right, told = _judge(answer, brought, route)
    seconds = round(answer.seconds, 2) if is_right else float("inf")
    facts = {"status": answer.status, "told": "+".join(sorted(told)) or answer.code}
    return Promise(f"seconds-{brought.name}/{route}/{suite}", seconds, GOAL_SECONDS, facts=facts)


def _judge(answer: Answer, brought: Brought, route: str) -> tuple[bool, set[str]]:
    """Return whether the verdict is right, and the codes of what did not hold."""
    body = answer.body if isinstance(answer.body, dict) else {}
    if route == "product":
        checks = body.get("checks", [])
        outcomes = {check["outcome"] for check in checks if check["name"] == "status"}
        is_right = outcomes == {"passed"} if brought.is_control else (
            body.get("verdict", "") != "valid" and answer.status < 500
        )  # fmt: skip
    else:
        report = body.get("report", {})
        inside = report.get("credentials", [])
        checks = [*report.get("checks", []), *(c for each in inside for c in each["checks"])]
        wanted = (200, True) if brought.is_control else (400, False)
        is_right = (answer.status, body.get("verified", False)) == wanted
        if brought.may_hold and answer.status == 200:
            is_right = True
    told = {check["code"] for check in checks if check["outcome"] in {"failed", "unchecked"}}
    return is_right, told - {"issuer-unknown"}


@contextmanager
def _signing(server: Server) -> Iterator[Callable[[JsonValue], Answer]]:
    """Make a profile that signs over RDF, and give how to ask it for a signature."""
    client = Client(server.port)
    organisation = {
        "slug": f"desk-{time.monotonic_ns()}",
        "name": {"en": "A desk"},
        "kind": "provider",
        "country": "GH",
    }
    made = client.ask("/api/v1/organisations", organisation, key=ADMIN_KEY).body
    path = f"/api/v1/organisations/{organisation['slug']}/signing-profiles"
    wish = {
        "slug": "desk", "securing": "eddsa-rdfc-2022", "key_type": "Ed25519",
        "did_method": "key", "status": "none",
    }  # fmt: skip
    profile = client.ask(path, wish, key=made["api_key"]).body
    issue_path = "/vc/" + profile["issue_url"].partition("/vc/")[2]

    def issue(credential: JsonValue) -> Answer:
        return client.ask(issue_path, {"credential": credential}, key=made["api_key"])

    control = issue({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:x"},
    })  # fmt: skip
    assert control.status == 201, control
    yield issue
    client.close()


def all_at_once(server: Server, staged: Stage) -> Promise:
    """Bring the documents that are meant to fill memory from many clients at the same moment."""
    suite = SUITES[1]
    crowd = [
        brought
        for number in range(CROWD)
        for brought in staged.documents(f"crowd-{number}", suite)
        if brought.name in FILLING
    ]
    with ThreadPoolExecutor(len(crowd)) as pool:
        told = list(pool.map(lambda each: bring(server, each, "vc-api", suite), crowd))
    slowest = max(promise.found for promise in told)
    return Promise("seconds-slowest-of-a-crowd", slowest, CROWD_SECONDS, facts={"of": len(crowd)})


@contextmanager
def watching(server: Server) -> Iterator[list[float]]:
    """Ask for the server's health all the while; give the seconds of each answer."""
    stop, waits = threading.Event(), [0.0]

    def watch() -> None:
        client = Client(server.port)
        while not stop.wait(0.05):
            begun = time.monotonic()
            client.ask("/livez")
            waits.append(time.monotonic() - begun)
        client.close()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield waits
    finally:
        stop.set()
        thread.join()


def memory_of(group: int) -> Iterator[int]:
    """Yield the largest memory that each process of the server ever held, in mebibytes."""
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) != group:
                continue
            status = (folder / "status").read_text()
        except (OSError, IndexError, ValueError):
            continue
        # A process that has ended and was not asked for yet holds nothing.
        held = next((line for line in status.splitlines() if line.startswith("VmHWM")), "0 0")
        yield int(held.split()[1]) // 1024


if __name__ == "__main__":
    run(__doc__, play, rounds=1, engines=("sqlite",))
