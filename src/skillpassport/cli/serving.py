"""`skillpassport serve`: the application under uvicorn."""

import contextlib
import errno
import ipaddress
import json
import resource
import socket
import sys
from functools import partial
from urllib.parse import urlsplit

import typer
import uvicorn
from fastapi import FastAPI

from skillpassport.bootstrap import Instance, Prepared, open_instance
from skillpassport.cli import collecting
from skillpassport.cli.output import say
from skillpassport.cli.workers import Workers
from skillpassport.errors import SkillPassportError
from skillpassport.settings import Settings, load_settings
from skillpassport.web.app import create_app
from skillpassport.web.logs import configure_logging
from skillpassport.web.serving import SERVER_OPTIONS, by_several_names


class PortTaken(SkillPassportError):
    """Something else listens on the port."""

    code = "port-taken"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Expected port {port} of {host} to be free, found it taken; stop the other program, "
            f"or choose another with --port, for instance --port {port + 1}."
        )


class AddressUnusable(SkillPassportError):
    """This machine does not let us listen there."""

    code = "address-unusable"

    def __init__(self, host: str, port: int, reason: str | None) -> None:
        super().__init__(
            f"Expected an address of this machine to listen on, found {host}:{port}: {reason}; "
            "give another --host, or a --port above 1023."
        )


class MasterKeyNeeded(SkillPassportError):
    """The generated master key is for a loopback address alone."""

    code = "master-key-needed"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Expected SKILLPASSPORT_MASTER_KEY, or SKILLPASSPORT_MASTER_KEY_FILE outside the data "
            f"folder, before serving on {host}; the generated key lies beside the data that it "
            "protects, which is enough for a loopback address only."
        )


def serve(*, host: str, port: int, workers: int, as_json: bool) -> None:
    """Serve until stopped.

    Raises: SettingsInvalid, MasterKeyNeeded, PortTaken, AddressUnusable, MigrationNeeded,
        DatabaseFailure and its kinds
    """
    settings = load_settings()
    require_master_key(settings, host)
    _allow_open_files()
    listening = _listen(host, port)
    instance = open_instance(settings)
    try:
        prepared = instance.prepare()
        _greet(instance, prepared, listening, as_json=as_json)
    finally:
        instance.close()
    work = partial(_work, workers=workers)
    if workers == 1:
        work(listening)
    else:
        Workers(workers, work, listening).run()


def _work(listening: socket.socket, *, workers: int) -> None:
    """Serve in this process until stopped."""
    config = uvicorn.Config(
        partial(application, workers, listening), factory=True, **SERVER_OPTIONS
    )
    uvicorn.Server(config).run(sockets=by_several_names(listening))


def application(workers: int = 1, listening: socket.socket | None = None) -> FastAPI:
    """Return the application of one worker process out of so many, for a socket if it is known."""
    settings = load_settings()
    configure_logging(settings.log_level)
    instance = open_instance(settings)
    app = create_app(instance, settings, workers=workers)
    app.state.listening = listening
    collecting.begin()
    return app


def require_master_key(settings: Settings, host: str) -> None:
    """Refuse to serve strangers with a key that lies beside the data.

    Raises: MasterKeyNeeded
    """
    if _is_loopback(host):
        return
    if settings.master_key is None:
        raise MasterKeyNeeded(host)
    file = settings.master_key_file
    if file is not None and file.resolve().is_relative_to(settings.data_dir.resolve()):
        raise MasterKeyNeeded(host)


def _allow_open_files() -> None:
    """Let this process hold as many connections as the system lets it.

    The usual limit of 1,024 is for programs that use `select`; here, so many slow clients would
    keep everybody else from connecting.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS names a limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from error
        raise AddressUnusable(host, port, error.strerror) from error
    listening.set_inheritable(True)
    return listening


def _port_of(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _greet(
    instance: Instance, prepared: Prepared, listening: socket.socket, *, as_json: bool
) -> None:
    public = instance.public_url
    codes: dict[str, str] = {
        each.corridor.country: each.credential.code for each in prepared.demonstration
    }
    provider_keys = {each.provider.slug: each.provider_key for each in prepared.demonstration}
    authority_keys = {each.authority.slug: each.authority_key for each in prepared.demonstration}
    if not codes:
        codes = instance.demonstration_codes()
    if as_json:
        greeting = {"url": public, "done": list(prepared.sentences), "demonstration": codes}
        typer.echo(json.dumps(greeting))
        sys.stdout.flush()
        return
    for sentence in prepared.sentences:
        say(sentence)
    address, port = listening.getsockname()[:2]
    say(f"Serving {public} (listening on {address}:{port})")
    if port != _port_of(public):
        say(
            f"The public address leads to port {_port_of(public)}, this server listens on {port}: "
            "set SKILLPASSPORT_PUBLIC_URL, unless something in front leads here."
        )
    say()
    for country, code in codes.items():
        say(f"  employer:   {public}/v/{code}?destination=NO   (award from {country})")
    for slug, key in provider_keys.items():
        say(f"  provider:   {public}/api/v1/me   with the key of {slug}: {key}")
    for slug, key in authority_keys.items():
        say(f"  authority:  {public}/api/v1/accreditations   with the key of {slug}: {key}")
    say(f"  worker:     {public}/   (the field for the code under a QR)")
    say(f"  developer:  {public}/openapi.json   {public}/problems")
    say()
    say("Stop with Ctrl-C.")
    sys.stdout.flush()
