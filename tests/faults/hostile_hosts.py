"""Bring documents that lead to hosts which mean no good, and documents that are meant to be dear.

    python -m tests.faults.hostile_hosts 3

Hosts on this machine speak TLS under a certificate of their own, which the server trusts by
SSL_CERT_FILE and may reach by SKILLPASSPORT_FETCH_ALLOW. Each credential's status list lies on one of
them. Promised is that none is called valid, that each is answered within two seconds (a body that
drips: within the deadline of a fetch), that the server's memory stays below 512 MiB and that it
answers others meanwhile.
"""

import os
import ssl
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skillpassport.net.client import DEFAULT_SECONDS
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.multibase import encode_multibase64url
from skillpassport.vc.sdjwt import Concealment
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.token_status import (
    StatusListToken,
    StatusReference,
    TokenStatusList,
    sign_status_list_jwt,
)
from tests.faults.proving_ground import Client, Promise, ground, judged, percentile, run
from tests.support.commands import Server
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    a_credential,
    a_list,
    did_of,
    method_of,
    signed,
    signed_text,
)
from tests.support.tls_server import Host, Script, answering, running, write_certificate

GOAL_SECONDS: Final = 2.0
BODY_SECONDS: Final = DEFAULT_SECONDS + 0.5
GOAL_MEBIBYTES: Final = 512
GIBIBYTE: Final = 2**30
INDEX: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One document, and how its verdict is to be.

    document: or token, to be verified
    """

    name: str
    document: JsonValue
    goal: float = GOAL_SECONDS
    is_control: bool = False


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


def compressed(size: int, window: int) -> bytes:
    """Return so many zeros, compressed."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, window)
    parts = [compressor.compress(bytes(2**22)) for _ in range(size // 2**22)]
    return b"".join(parts) + compressor.flush()


# --- cases ------------------------------------------------------------------------------------


def pointing_to(url: str) -> JsonObject:
    """Return a credential whose status is published there."""
    entry = StatusEntry(purpose="revocation", list_url=url, index=INDEX)
    return signed(a_credential(credentialStatus=entry.as_json()))


def token_pointing_to(url: str) -> str:
    """Return an SD-JWT VC whose status is published there."""
    claims: JsonObject = {
        "vct": "https://types.example/welder",
        "iss": did_of(ISSUER),
        "status": StatusReference(uri=url, index=INDEX).as_claim(),
    }
    return issue_sd_jwt_vc(
        claims, ISSUER, concealment=Concealment(paths=()), kid=method_of(ISSUER)
    ).text


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


def dear_documents() -> Iterator[Case]:
    """Yield documents that lead nowhere and cost much."""
    context = "https://www.w3.org/ns/credentials/v2"
    many: list[JsonValue] = [context, *(f"https://c{n}.example/v1" for n in range(10_000))]
    terms: list[JsonValue] = [{f"t{n}": f"urn:t:{n}"} for n in range(10_000)]
    nested: JsonObject = {"@vocab": "urn:x:"}
    for _ in range(90):
        nested = {"@context": nested, "x": 1}
    bare = signed(a_credential())
    yield Case(name="10,000-contexts", document={**bare, "@context": many})
    yield Case(name="10,000-inline-contexts", document={**bare, "@context": [context, *terms]})
    yield Case(name="same-context-10,000-times", document={**bare, "@context": [context] * 10_000})
    yield Case(name="contexts-in-contexts", document={**bare, "@context": [context, nested]})


@dataclass(frozen=True, slots=True)
class Stage:
    """The hosts of one run, each under its name."""

    hosts: dict[str, Host]
    bodies: dict[str, bytes]

    def cases(self, number: int) -> Iterator[Case]:
        """Yield every case of a round; each has addresses of its own, so that nothing is kept."""
        for name, host in self.hosts.items():
            url = host.url(f"/{number}")
            is_token = name.startswith("token-")
            self._prepare(name, url)
            yield Case(
                name=name,
                document=token_pointing_to(url) if is_token else pointing_to(url),
                goal=BODY_SECONDS if name == "drips-body" else GOAL_SECONDS,
                is_control=name.endswith("control"),
            )
        for url in (
            "https://127.0.0.1/",
            "https://10.0.0.1/",
            "http://localhost/",
            "https://[::1]/",
        ):
            yield Case(name=f"address-{url}", document=pointing_to(f"{url}{number}"))
        yield from dear_documents()

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


def play(engine: str, rounds: int) -> bool:
    """Bring every document so many times, and judge."""
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
                for case in staged.cases(number):
                    promise = bring(server, case)
                    before = slowest.setdefault(case.name, promise)
                    slowest[case.name] = max(before, promise, key=lambda each: each.found)
        largest = max(memory_of(server.process.pid))
        last = Client(server.port)
        alive = last.ask("/livez").status == 200
        last.close()
    return judged(
        f"hostile-hosts/{engine}",
        [
            *slowest.values(),
            Promise("largest-memory-mebibytes", largest, GOAL_MEBIBYTES, facts={"rounds": rounds}),
            Promise(
                "slowest-health-meanwhile",
                round(max(waits), 3),
                1.0,
                facts={"p99": round(percentile(waits, 0.99), 3), "of": len(waits)},
            ),
            Promise("still-answering", int(alive), 1, at_least=True),
        ],
    )


def bring(server: Server, case: Case) -> Promise:
    """Have one document verified, and return how long it took; a wrong verdict takes for ever."""
    client = Client(server.port)
    answer = client.ask("/api/v1/verifications", {"document": case.document})
    client.close()
    checks = answer.body.get("checks", []) if isinstance(answer.body, dict) else []
    told = {check["outcome"] for check in checks if check["name"] == "status"}
    verdict = str(answer.body.get("verdict", answer.code))
    is_right = told == {"passed"} if case.is_control else (
        verdict != "valid" and "passed" not in told and answer.status < 500
    )  # fmt: skip
    codes = sorted({check["code"] for check in checks if check["name"] == "status"})
    facts = {"status": answer.status, "verdict": verdict, "told": "+".join(codes) or "nothing"}
    seconds = round(answer.seconds, 2) if is_right else float("inf")
    return Promise(f"seconds-{case.name}", seconds, case.goal, facts=facts)


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
        held = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        yield int(held.split()[1]) // 1024


if __name__ == "__main__":
    run(__doc__, play, rounds=1, engines=("sqlite",))
