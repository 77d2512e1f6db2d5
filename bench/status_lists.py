"""G9: how soon a revocation is seen, what it costs to sign its list, and that no index is given twice.

The goals are absolute: half a millisecond of CPU time, a second until strangers see it, and none. A
ratio is the goal by what was found; where nothing may be found, it is what held by what was tried.
"""

import json
import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.instance import PUBLIC_URL, Prepared, prepare
from bench.serving import serving
from skillpassport.bootstrap import open_instance
from skillpassport.credentials.status_publication import ListContent, publish
from skillpassport.organisations.model import OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, SigningKeyId
from skillpassport.settings import load_settings
from skillpassport.vc.bitstring_status import read_status
from skillpassport.vc.did import did_key
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.status_refusals import MIN_ENTRIES

ROUNDS: Final = 5
SIGNED_A_ROUND: Final = 200
MILLISECONDS: Final = 0.5
SECONDS: Final = 1.0
REVOCATIONS: Final = 30
WORKERS: Final = 8
RESERVED_BY_EACH: Final = 50


def run() -> Iterator[str]:
    """Yield a line for each part of the goal."""
    for form in StatusForm:
        for revoked in (100, MIN_ENTRIES // 100):
            yield _signing(form, revoked)
    with TemporaryDirectory() as folder:
        prepared = prepare(Path(folder))
        yield from _revoking(prepared)
        yield _reserving(prepared)


def _signing(form: StatusForm, revoked: int) -> str:
    """Return what it costs to turn one bit and sign a list in which so many are set."""
    now = datetime.now(UTC)
    signer = Ed25519Signer.generate()
    did = did_key(signer.public_key)
    key = SigningKey(
        id=SigningKeyId("key"), owner=OrganisationId("owner"), did=did, fragment="key",
        multikey=signer.public_key.multikey, created_at=now, signs_until=now + timedelta(days=1),
    )  # fmt: skip
    active = ActiveSigner(key=key, signer=signer)
    places = random.Random(9).sample(range(MIN_ENTRIES), revoked + SIGNED_A_ROUND)  # noqa: S311
    changes = [(place, now - timedelta(days=1)) for place in places]
    content = ListContent(
        form=form, url=f"{PUBLIC_URL}/status/list", did=did, purpose="revocation",
        length=MIN_ENTRIES, changed_at=now, changes=changes[:revoked],
    )  # fmt: skip
    publish(content, active, now)
    found: list[float] = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for number in range(SIGNED_A_ROUND):
            publish(replace(content, changes=changes[number : number + revoked]), active, now)
        found.append((time.process_time() - begun) / SIGNED_A_ROUND * 1000)
    took = median(found)
    return _line(MILLISECONDS / took, f"{form}-flip-and-sign", set=revoked, ms_cpu=f"{took:.2f}")


def _revoking(prepared: Prepared) -> Iterator[str]:
    """Yield how often the own verifier saw a revocation at once, and when strangers could."""
    seen, seconds = 0, []
    with (
        serving("bench.product:application", prepared.environment) as server,
        closing(HTTPConnection("127.0.0.1", server.port)) as http,
    ):
        for number in range(REVOCATIONS):
            award = _ask(http, "/api/v1/credentials", _award(prepared, number), prepared.api_key)
            entry = next(e for e in award["status"]["entries"] if e["purpose"] == "revocation")
            path = f"/api/v1/credentials/{award['id']}/revoke"
            asked = {"document": award["document"]}
            assert _ask(http, "/api/v1/verifications", asked)["verdict"] == "valid"
            _ask(http, path, {"reason": "As was measured."}, prepared.api_key)
            begun = time.monotonic()
            seen += _ask(http, "/api/v1/verifications", asked)["verdict"] == "invalid"
            while not _is_published(http, entry):
                time.sleep(0.005)
            seconds.append(time.monotonic() - begun)
    yield _line(seen / REVOCATIONS, "own-verifier-at-once", of=REVOCATIONS)
    slowest = max(seconds)
    yield _line(SECONDS / slowest, "published-list", slowest_s=f"{slowest:.3f}", of=REVOCATIONS)


def _reserving(prepared: Prepared) -> str:
    """Return whether processes at once ever got the same index of a list."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        taken = [
            place for places in pool.map(_reserve, [(str(prepared.folder), n) for n in range(WORKERS)])
            for place in places
        ]  # fmt: skip
    return _line(len(set(taken)) / len(taken), "indexes-unlike", workers=WORKERS, of=len(taken))


def _reserve(task: tuple[str, int]) -> list[tuple[str, int]]:
    """Return the places that one process reserved, each in a transaction of its own."""
    folder, number = task
    instance = open_instance(
        load_settings(data_dir=Path(folder), public_url=PUBLIC_URL, seed="none")
    )
    places: list[tuple[str, int]] = []
    try:
        with instance.database.snapshot() as work:
            did = next(each.did for each in work.organisations.all())
        for turn in range(RESERVED_BY_EACH):
            with instance.database.transaction() as work:
                (entry,) = work.statuses.reserve(
                    f"bench-{number}-{turn}", did, ("revocation",), work.now
                )
            places.append((entry.list_url, entry.index))
    finally:
        instance.close()
    return places


def _award(prepared: Prepared, number: int) -> dict[str, object]:
    return {
        "achievement": prepared.achievement,
        "subject": {"name": f"Person {number}"},
        "awarded_on": "2025-07-11",
    }


def _ask(http: HTTPConnection, path: str, body: object, key: str | None = None) -> Any:  # noqa: ANN401 - JSON
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    http.request("POST", path, json.dumps(body).encode(), headers)
    answer = http.getresponse()
    text = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"{path} answered {answer.status}: {text[:300]!r}")
    return json.loads(text)


def _is_published(http: HTTPConnection, entry: dict[str, Any]) -> bool:
    http.request("GET", entry["list"].removeprefix(PUBLIC_URL))
    subject = json.loads(http.getresponse().read())["credentialSubject"]
    return bool(read_status(subject["encodedList"], entry["index"]))


def _line(ratio: float, peer: str, **facts: object) -> str:
    """Return the line of a part; a ratio of one is the goal."""
    reached = "PASS" if ratio >= 1 else "MISS"
    told = "".join(f" {name.replace('_', '-')}={value}" for name, value in facts.items())
    return f"G9 ratio={ratio:.2f} goal=1.00 {reached} peer={peer} rounds={ROUNDS}{told}"
