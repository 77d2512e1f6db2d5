"""A host on this machine that speaks TLS and then does exactly what a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.patience import PATIENCE

Script = Callable[[ssl.SSLSocket, threading.Event], None]
"""What the host does on a connection once the request has been read; the event says "stop"."""


@dataclass
class Host:
    """A running host: where it is, and the requests that it has read."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        """Return an address on this host."""
        return f"https://localhost:{self.port}{path}"


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate for localhost and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "host.pem", folder / "host.key"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_path, key_path


def answering(
    body: bytes, *, status: str = "200 OK", headers: tuple[str, ...] = ("Connection: close",)
) -> Script:
    """Return a script that sends one answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]

    def script(connection: ssl.SSLSocket, stop: threading.Event) -> None:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)

    return script


@contextmanager
def running(script: Script, certificate: tuple[Path, Path]) -> Iterator[Host]:
    """Run a host until the block ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    listener = socket.create_server(("127.0.0.1", 0))
    host, stop = Host(listener.getsockname()[1]), threading.Event()

    def serve_one(raw: socket.socket) -> None:
        raw.settimeout(PATIENCE)
        with suppress(OSError), context.wrap_socket(raw, server_side=True) as connection:
            host.requests.append(connection.recv(65_536))
            script(connection, stop)

    def serve() -> None:
        while True:
            raw, _ = listener.accept()
            with raw:
                if stop.is_set():
                    return
                serve_one(raw)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield host
    finally:
        stop.set()
        socket.create_connection(("127.0.0.1", host.port)).close()  # for who waits for the next
        thread.join()
        listener.close()
