"""G10: what a qualification means in a country, with a million qualifications in the register.

    python -m bench G10                     a million, some minutes; not a part of the default run
    BENCH_QUALIFICATIONS=20000 python -m bench G10

The register is made up: titles of plausible words, spread over the frameworks of the seed. Lines
are printed for SQLite and, where its programs are found, for PostgreSQL. Times are by the clock,
so a busy machine shows; a line says this process's own CPU time as well (over HTTP that is the
client's).
"""

import http.client
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

from bench.instance import PUBLIC_URL
from bench.serving import serving
from skillpassport.bootstrap import Instance, open_instance
from skillpassport.equivalence.comparing import compare_level
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import LevelQuestion, QualificationQuestion
from skillpassport.frameworks.qualifications import (
    FormerName,
    Qualification,
    QualificationFilter,
)
from skillpassport.frameworks.registry import Registry
from skillpassport.settings import load_settings

MILLION: Final = 1_000_000
NUMBER: Final = int(os.environ.get("BENCH_QUALIFICATIONS", MILLION))
ASKED: Final = 5_000
ASKED_OVER_HTTP: Final = 2_000
SEARCHED: Final = 200
DESTINATION: Final = "NO"

GOAL_MS: Final = 2.0
GOAL_LEVEL_MS: Final = 0.05
"""Of the median: the slowest in a hundred is a pause of the machine at this scale."""

_AWARDS = (
    "Certificate", "Advanced Certificate", "National Certificate", "Diploma", "Advanced Diploma",
    "National Diploma", "Trade Test", "Higher Certificate", "Licence", "Attestation",
    "Professional Certificate", "Foundation Certificate",
)  # fmt: skip
_FIELDS = (
    "Welding", "Plumbing", "Electrical Installation", "Carpentry", "Masonry", "Tailoring",
    "Catering", "Hotel Reception", "Nursing", "Midwifery", "Elderly Care", "Child Care",
    "Horticulture", "Animal Husbandry", "Fisheries", "Forestry", "Agronomy", "Food Processing",
    "Bakery", "Hairdressing", "Cosmetology", "Automotive Repair", "Heavy Vehicle Driving",
    "Logistics", "Warehousing", "Bookkeeping", "Secretarial Work", "Software Development",
    "Network Administration", "Graphic Design", "Photography", "Printing", "Surveying",
    "Road Construction", "Tiling", "Painting and Decorating", "Scaffolding", "Refrigeration",
    "Solar Energy", "Water Treatment", "Waste Management", "Mining", "Metal Casting",
    "Machine Tools", "Instrument Repair", "Shoemaking", "Textile Production", "Pottery",
    "Pharmacy Assistance", "Laboratory Work", "Dental Assistance", "Emergency Care",
    "Security Services", "Tourist Guiding", "Retail", "Marketing", "Insurance", "Social Work",
    "Teaching Assistance", "Interpreting",
)  # fmt: skip
_STRANDS = tuple(
    f"{place} {strand}"
    for place in (
        "Workshop",
        "Site",
        "Rural",
        "Urban",
        "Maritime",
        "Industrial",
        "Community",
        "Home",
    )
    for strand in ("Practice", "Supervision", "Maintenance", "Operations", "Studies")
)


@dataclass(frozen=True, slots=True)
class Register:
    """A made-up register: the same number gives the same qualification.

    places: country, framework and level of each, in turn
    """

    places: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, registry: Registry) -> "Register":
        """Return a register over the national frameworks whose levels are listed."""
        places = []
        for framework in registry.search():
            country = framework.jurisdictions[0] if framework.jurisdictions else ""
            edition = registry.newest_edition(framework.id)
            if len(country) == len("NO") and edition is not None:
                places += [
                    (country, framework.id, level.notation)
                    for level in registry.levels(framework.id, edition.label)
                ]
        return cls(tuple(places))

    def qualification(self, number: int) -> Qualification:
        """Return one of them."""
        chance = random.Random(number)  # noqa: S311 (nothing is kept secret)
        country, framework, level = self.places[number % len(self.places)]
        title = f"{chance.choice(_AWARDS)} in {chance.choice(_FIELDS)} ({chance.choice(_STRANDS)})"
        return Qualification(
            id=f"{country}-{number:07}",
            title={"en": title},
            country=country,
            framework=framework,  # type: ignore[arg-type]
            level=level,
            codes=(FormerName(text=f"{country}/{number:07}"),),
            isced_f="0715",
            isco=("7212",),
            hours=None,
        )

    def all(self, number: int) -> Iterator[Qualification]:
        """Yield the first so many of them."""
        return map(self.qualification, range(number))


def run() -> Iterator[str]:
    """Yield the lines of the goal on each engine."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _lines("sqlite", Path(folder), None)
    with _postgresql() as url:
        if url is None:
            yield "G10 PostgreSQL is not here: no line for it."
            return
        with tempfile.TemporaryDirectory() as folder:
            yield from _lines("postgresql", Path(folder), url)


def _lines(engine: str, folder: Path, url: str | None) -> Iterator[str]:
    instance = _open(folder, url)
    try:
        instance.prepare()
        yield _fill(engine, instance)
    finally:
        instance.close()
    yield from measure(engine, folder, url)


def measure(engine: str, folder: Path, url: str | None) -> Iterator[str]:
    """Yield the lines over a register that was filled."""
    instance = _open(folder, url)
    try:
        register = Register.of(instance.registry().registry)
        chance = random.Random(10)  # noqa: S311
        asked = [register.qualification(chance.randrange(NUMBER)) for _ in range(ASKED)]
        yield from _in_process(engine, instance, asked)
    finally:
        instance.close()
    environment = {
        "SKILLPASSPORT_DATA_DIR": str(folder),
        "SKILLPASSPORT_PUBLIC_URL": PUBLIC_URL,
        "SKILLPASSPORT_RATE_LIMITS": "off",
        "SKILLPASSPORT_SEED": "registry",
        **({} if url is None else {"SKILLPASSPORT_DATABASE_URL": url}),
    }
    with serving("bench.product:application", environment) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        ask = partial(_ask, connection)
        what = "qualification to country over HTTP"
        yield _timed(engine, what, GOAL_MS, ask, asked[:ASKED_OVER_HTTP])
        connection.close()
        yield f"G10 {engine}: the server holds {_resident(server.pid)} MB"


def _open(folder: Path, url: str | None) -> Instance:
    settings = load_settings(
        data_dir=folder, database_url=url, public_url=PUBLIC_URL, seed="registry", auto_migrate=True
    )
    return open_instance(settings)


def _in_process(engine: str, instance: Instance, asked: Sequence[Qualification]) -> Iterator[str]:
    snapshot, today = instance.registry(), instance.clock.now().date()
    catalogue = instance.qualification_catalogue()

    def compare(known: Qualification) -> object:
        question = QualificationQuestion(
            qualification=known.title["en"],
            origin=known.country,
            to_country=DESTINATION,
            on=today,
        )
        return compare_qualification(snapshot, question, catalogue)

    def compare_levels(known: Qualification) -> object:
        question = LevelQuestion(
            framework=str(known.framework),
            level=str(known.level),
            to_country=DESTINATION,
            on=today,
        )
        return compare_level(snapshot, question)

    yield _timed(engine, "qualification to country in process", GOAL_MS, compare, asked)
    yield _timed(engine, "level to level in process", GOAL_LEVEL_MS, compare_levels, asked)
    yield from _searches(engine, instance, asked)


def _fill(engine: str, instance: Instance) -> str:
    register = Register.of(instance.registry().registry)
    start = time.monotonic()
    with instance.database.transaction() as work:
        work.qualifications.add(register.all(NUMBER), origin="bench", now=lambda: work.now)
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"G10 {engine}: {NUMBER} qualifications stored in {seconds:.0f} s, "
        f"peak of the process {peak} MB"
    )


def _searches(engine: str, instance: Instance, asked: Sequence[Qualification]) -> Iterator[str]:
    """Yield how long searches by words take; no goal is set for them."""
    chance = random.Random(11)  # noqa: S311

    def search(known: Qualification, *, misspelt: bool) -> object:
        words = known.title["en"].replace("(", "").replace(")", "").split()[-4:]
        if misspelt:
            place = chance.randrange(1, len(words[0]))
            words[0] = words[0][:place] + words[0][place + 1 :]
        wanted = QualificationFilter(country=known.country)
        with instance.registered_qualifications() as qualifications:
            return qualifications.search(" ".join(words), wanted, limit=20)

    for misspelt in (False, True):
        what = "search by words one misspelt" if misspelt else "search by words"
        yield _timed(engine, what, None, partial(search, misspelt=misspelt), asked[:SEARCHED])


def _timed(
    engine: str,
    what: str,
    goal: float | None,
    call: Callable[[Qualification], object],
    asked: Sequence[Qualification],
) -> str:
    for known in asked[:50]:
        call(known)
    times, cpu = [], []
    for known in asked:
        start, spent = time.perf_counter(), time.process_time()
        call(known)
        cpu.append(1000 * (time.process_time() - spent))
        times.append(1000 * (time.perf_counter() - start))
    p99 = _p99(times)
    reached = median(times) if goal == GOAL_LEVEL_MS else p99
    judged = "" if goal is None else f"goal={goal} {'PASS' if reached <= goal else 'MISS'} "
    return (
        f"G10 ms={reached:.3f} {judged}peer=none/{engine}/{what.replace(' ', '-')} "
        f"p99-ms={p99:.3f} median-ms={median(times):.3f} own-cpu-p99-ms={_p99(cpu):.3f} "
        f"own-cpu-median-ms={median(cpu):.3f} calls={len(times)}"
    )


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _ask(connection: http.client.HTTPConnection, known: Qualification) -> object:
    query: Mapping[str, str] = {
        "qualification": known.title["en"],
        "origin": known.country,
        "to_country": DESTINATION,
    }
    connection.request("GET", f"/api/v1/equivalences?{urlencode(query)}")
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"Expected 200, found {answer.status}: {body[:300]!r}")
    return body


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


@contextmanager
def _postgresql() -> Iterator[str | None]:
    """Start a cluster of its own, as the tests do; None where its programs are not found."""
    from tests.support.postgres import Cluster, binaries  # noqa: PLC0415 (tests are not installed)

    programs = binaries()
    if programs is None:
        yield None
        return
    cluster = Cluster.start(programs)
    try:
        yield cluster.url(cluster.create_database())
    finally:
        cluster.stop()
