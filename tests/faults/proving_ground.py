"""A real server to break, clients that issue at it, and an account of what they were told.

Every fault script is made of these: it sets up a `Ground`, breaks something while `Client`s work,
and lets the `Account` say what was lost or doubled. A `Promise` is printed on a line of its own;
the exit code is 1 when one was broken.

    nothing-lost sqlite found=0 goal=0 KEPT of=5731 rounds=200
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final, Self

from tests.support.commands import Commands, Server, codes_in
from tests.support.postgres import Cluster, binaries

ADMIN_KEY: Final = "sp_admin_of_the_fault_tests"
PROVIDER: Final = "demo-tvet-accra"
ENGINES: Final = ("sqlite", "postgresql")

UNREACHED = (OSError, HTTPException, ValueError)
"""What a client meets when its server dies: refused, reset, cut short."""


# --- promises ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Promise:
    """One figure beside what was promised, and what it was measured on."""

    name: str
    found: float
    goal: float
    at_least: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether the figure is as good as promised."""
        return self.found >= self.goal if self.at_least else self.found <= self.goal

    def line(self, on: str) -> str:
        """Return the line that decides."""
        facts = "".join(f" {name}={value}" for name, value in self.facts.items())
        verdict = "KEPT" if self.kept else "BROKEN"
        return f"{self.name} {on} found={self.found:g} goal={self.goal:g} {verdict}{facts}"


def judged(on: str, promises: Iterable[Promise]) -> bool:
    """Print each promise, and return whether all were kept."""
    kept = True
    for promise in promises:
        print(promise.line(on), flush=True)  # noqa: T201 - a script's product
        kept = kept and promise.kept
    return kept


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies; 0.0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


# --- the server -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An instance with the demonstration's providers, not served yet.

    cluster: the PostgreSQL behind it, if that is its engine
    key: API key of a provider that may issue
    """

    engine: str
    commands: Commands
    key: str
    cluster: Cluster | None

    @contextmanager
    def served(self, *arguments: str, **settings: str) -> Iterator[Server]:
        """Serve until the block ends, whatever is left of the server by then."""
        server = self.start(*arguments, **settings)
        try:
            yield server
        finally:
            server.stop()

    def start(self, *arguments: str, **settings: str) -> Server:
        """Return a server that has said that it is ready."""
        server = self.commands.start_serving(*arguments, **settings)
        try:
            server.wait_until_ready()
        except BaseException:
            server.kill()
            raise
        return server

    def log_fits(self) -> bool:
        """Return whether the log accounts for every row."""
        return self.commands.run("log", "verify").code == 0


@contextmanager
def a_small_file_system(room: int | str) -> Iterator[Path]:
    """Mount a file system in memory that is full soon; only root may.

    room: as `mount` takes it, in octets or as `64m`
    """
    with tempfile.TemporaryDirectory(prefix="skillpassport-full-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def ground(engine: str, *, folder: Path | None = None, **settings: str) -> Iterator[Ground]:
    """Prepare an instance on an engine.

    folder: for the data, an empty one; else a temporary one
    settings: beside the demonstration's
    """
    with ExitStack() as stack:
        parent = tempfile.TemporaryDirectory(prefix="skillpassport-fault-")
        home = Path(stack.enter_context(parent))
        cluster = _cluster(stack) if engine == "postgresql" else None
        wanted = {
            "seed": "demo",
            "rate_limits": "off",
            "bootstrap_admin_key": ADMIN_KEY,
            "auto_migrate": "1",
            "database_url": cluster.url(cluster.create_database()) if cluster else "",
        }
        commands = Commands(folder or home / "data", home, wanted | settings)
        with commands.serving() as server:
            said = server.stop()
        line = next(line for line in said.splitlines() if f"key of {PROVIDER}" in line)
        yield Ground(engine=engine, commands=commands, key=line.split()[-1], cluster=cluster)


def _cluster(stack: ExitStack) -> Cluster:
    programs = binaries()
    if programs is None:
        raise SystemExit("PostgreSQL's programs are needed: no initdb in PATH or /usr/lib.")
    cluster = Cluster.start(programs)
    stack.callback(cluster.stop)
    return cluster


# --- clients ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and after how long.

    seconds: from sending to the last byte
    """

    status: int
    headers: Mapping[str, str]
    body: Any
    seconds: float

    @property
    def code(self) -> str:
        """The code of a problem; empty without one."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Client:
    """One connection to a server, opened anew when the server has closed it."""

    def __init__(self, port: int, *, timeout: float = 30) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=timeout)

    def ask(self, path: str, body: object = None, *, key: str = "", **headers: str) -> Answer:
        """Send a GET, or with a body a POST.

        Raises: those of UNREACHED
        """
        sent = {"Accept": "application/json"} | headers
        if body is not None:
            sent["Content-Type"] = "application/json"
        if key:
            sent["Authorization"] = f"Bearer {key}"
        begun = time.monotonic()
        try:
            self._connection.request(
                "GET" if body is None else "POST",
                path,
                None if body is None else json.dumps(body).encode(),
                sent,
            )
            answer = self._connection.getresponse()
            raw = answer.read()
        except UNREACHED:
            self.close()
            raise
        seconds = time.monotonic() - begun
        if answer.will_close:
            self.close()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(
            status=answer.status, headers=said, body=json.loads(raw) if raw else None,
            seconds=seconds,
        )  # fmt: skip

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()


def at_once(number: int, act: Callable[[int], None]) -> list[threading.Thread]:
    """Start a number of threads, each with its number, and return them."""
    threads = [threading.Thread(target=act, args=(each,), daemon=True) for each in range(number)]
    for thread in threads:
        thread.start()
    return threads


# --- the account ------------------------------------------------------------------------------


@dataclass
class Account:
    """What was asked for under which idempotency key, and what was acknowledged.

    awards: first answer by key, of those that were acknowledged
    open: keys that were sent and not acknowledged: no answer, or a refusal
    repeats: how often a key was answered with another award than the first time
    refusals: answers other than 201, as (status, code)
    """

    key: str
    awards: dict[str, dict[str, Any]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    repeats: int = 0
    refusals: Counter[tuple[int, str]] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def issue(self, client: Client, name: str = "") -> Answer:
        """Issue one award under an idempotency key of its own, or again under a key of before.

        Raises: those of UNREACHED; the key then stays open
        """
        with self._lock:
            name = name or f"award-{next(self._numbers)}"
            if name not in self.awards:
                self.open.add(name)
        answer = client.ask(
            "/api/v1/credentials", an_award(name), key=self.key, **{"Idempotency-Key": name}
        )
        with self._lock:
            if answer.status == 201:
                self.open.discard(name)
                first = self.awards.setdefault(name, answer.body)
                self.repeats += first["id"] != answer.body["id"]
            else:
                self.refusals[answer.status, answer.code] += 1
        return answer

    def issue_until(self, stop: Callable[[], bool], port: int) -> None:
        """Issue one award after another until told to stop or the server is gone."""
        client = Client(port)
        with suppress(*UNREACHED):
            while not stop():
                self.issue(client)
        client.close()

    def repeat_open(self, port: int) -> None:
        """Send everything that was not acknowledged once more."""
        client = Client(port)
        for name in sorted(self.open):
            self.issue(client, name)
        client.close()

    def settle(self, ground: Ground, port: int) -> list[Promise]:
        """Return what was lost, doubled or given twice, after asking for everything once more."""
        self.repeat_open(port)
        with ThreadPoolExecutor(4) as pool:
            lost = sum(pool.map(lambda names: self._lost(port, names), _quarters(self.awards)))
        recorded = _recorded(port, self.key)
        places = Counter(
            (entry["list"], entry["index"])
            for award in recorded
            for entry in award["status"]["entries"]
        )
        doubled = self.repeats + len(recorded) - 1 - len(self.awards)  # the demonstration's own
        twice = sum(number > 1 for number in places.values())
        number = {"of": len(self.awards)}
        return [
            Promise("nothing-acknowledged-lost", lost, 0, facts=number),
            Promise("nothing-doubled", doubled, 0, facts=number),
            Promise("no-status-index-twice", twice, 0, facts={"of": len(places)}),
            Promise("nothing-left-unanswered", len(self.open), 0, facts=number),
            Promise("log-fits-all-rows", int(ground.log_fits()), 1, at_least=True),
        ]

    def _lost(self, port: int, names: Sequence[str]) -> int:
        """Return how many awards are not told again, or do not verify."""
        client, lost = Client(port), 0
        for name in names:
            again = self.issue(client, name)
            asked = {"document": self.awards[name]["document"]}
            report = client.ask("/api/v1/verifications", asked)
            lost += not (again.status == 201 and report.body.get("verdict") == "valid")
        client.close()
        return lost


class IssuingThrough:
    """Clients that issue before, through and after an outage, and note how they were answered.

    Refused in order is what is answered 503 with Retry-After; everything else but 201 is not.
    """

    def __init__(self, account: Account, port: int, *, clients: int = 4) -> None:
        self._account = account
        self._port = port
        self._clients = clients
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._acknowledged = 0.0
        self._refused = 0.0
        self.out_of_order: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._threads = at_once(self._clients, lambda _: self._issue())
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _issue(self) -> None:
        client = Client(self._port)
        while not self._stop.is_set():
            try:
                answer = self._account.issue(client)
            except UNREACHED as error:
                self.out_of_order[type(error).__name__] += 1
                continue
            if answer.status == 201:
                self._acknowledged = time.monotonic()
            elif answer.status == 503 and "retry-after" in answer.headers:
                self._refused = time.monotonic()
                time.sleep(0.05)
            else:
                self.out_of_order[f"{answer.status}-{answer.code}"] += 1
        client.close()

    def seconds_to_award(self, *, longest: float) -> float:
        """Return the seconds from now to the next award."""
        return _seconds_to(lambda: self._acknowledged, longest)

    def seconds_to_refusal(self, *, longest: float) -> float:
        """Return the seconds from now to the next refusal."""
        return _seconds_to(lambda: self._refused, longest)

    def promise(self) -> Promise:
        """Return whether nobody was left without an award or a refusal in order."""
        refusals = {f"{status}-{code}": n for (status, code), n in self._account.refusals.items()}
        facts = {"such-as": ",".join(self.out_of_order) or "none"} | refusals
        number = sum(self.out_of_order.values())
        return Promise("failures-without-503-and-retry-after", number, 0, facts=facts)


def _seconds_to(last: Callable[[], float], longest: float) -> float:
    begun = time.monotonic()
    while last() < begun and time.monotonic() < begun + longest:
        time.sleep(0.01)
    return time.monotonic() - begun


def an_award(name: str) -> dict[str, object]:
    """Return the body that asks for an award to a person of that name."""
    return {
        "achievement": "electrical-installation",
        "subject": {"name": f"Person {name}"},
        "awarded_on": "2025-07-11",
    }


def _quarters(names: Iterable[str]) -> list[list[str]]:
    ordered = sorted(names)
    return [ordered[start::4] for start in range(4)]


def lives_and_verifies(server: Server) -> bool:
    """Return whether the process answers, and tells of the demonstration's award that it holds."""
    client = Client(server.port)
    alive = client.ask("/livez").status == 200
    code = next(iter(codes_in(server.said()).values()))
    report = client.ask(f"/v/{code}")
    client.close()
    return alive and report.body.get("verdict") == "valid"


def log_size(port: int) -> int:
    """Return how many entries stand under the newest head of the log."""
    client = Client(port)
    size: int = client.ask("/api/v1/log/head").body["size"]
    client.close()
    return size


def seconds_to_log_entry(port: int, *, longest: float = 10) -> float:
    """Return the seconds from now until the log has grown, while somebody issues."""
    begun, size = time.monotonic(), log_size(port)
    while log_size(port) == size and time.monotonic() < begun + longest:
        time.sleep(0.05)
    return time.monotonic() - begun


def _recorded(port: int, key: str) -> list[dict[str, Any]]:
    """Return every award of the provider; the first is the demonstration's own."""
    client = Client(port)
    found: list[dict[str, Any]] = []
    path: str | None = "/api/v1/credentials?limit=200"
    while path is not None:
        page = client.ask(path, key=key).body
        found += page["items"]
        following = page.get("next")
        path = f"/api/v1/credentials?limit=200&cursor={following}" if following else None
    client.close()
    return found


# --- scripts ----------------------------------------------------------------------------------


def run(
    description: str | None,
    play: Callable[[str, int], bool],
    *,
    rounds: int,
    engines: Sequence[str] = ENGINES,
) -> None:
    """Run a script from the command line, and exit with 1 when it says that a promise was broken.

    play: takes an engine and a number of rounds, prints its promises, returns whether all held
    rounds: unless the command line says otherwise
    """
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("rounds", type=int, nargs="?", default=rounds)
    parser.add_argument("--engine", choices=engines, action="append")
    options = parser.parse_args()
    chosen: list[str] = options.engine or [
        engine for engine in engines if engine != "postgresql" or binaries() is not None
    ]
    kept = [play(engine, options.rounds) for engine in chosen]
    sys.stdout.flush()
    sys.exit(0 if all(kept) else 1)


def processor_seconds(pid: int) -> float:
    """Return the CPU time that a process and the children that it waited for have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")
