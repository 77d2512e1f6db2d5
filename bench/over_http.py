"""G1, G2, G4, G5, G6 and G12: what requests to a running server cost, beside the floor and a peer.

The sides take turns in short bursts within one run. The floor of a verification is bare ASGI and
the same signature check; that of an award is a transaction with the same rows, and a signature.
"""

import json
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openvc.keys import Ed25519SigningKey
from openvc.proof.vc_jwt import VcJwtProofSuite

from bench import beside_node, floors, instance
from bench.bursts import working
from bench.contests import MANY, Contest, compete
from bench.credentials import a_credential
from bench.load import Load
from bench.serving import CLIENT_CORE, Process, serving, stay_on
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.keys import Ed25519Signer

GOALS = (*beside_node.GOALS, "G4", "G5", "G6", "G12")

VERIFICATIONS = "/api/v1/verifications"


def run(wanted: Collection[str] = GOALS) -> Iterator[str]:
    """Yield a line for each pair of the goals that are wanted."""
    if not set(wanted).intersection(GOALS):
        return
    stay_on(CLIENT_CORE)
    with tempfile.TemporaryDirectory(prefix="skillpassport-bench-") as folder:
        prepared = instance.prepare(Path(folder) / "data")
        copies = [Path(folder) / name for name in ("floor", "batches", "floor-of-batches")]
        for copy in copies:
            shutil.copytree(prepared.folder, copy)
        with serving("bench.product:application", prepared.environment) as product:
            yield from beside_node.contests(product, prepared, wanted)
            if "G4" in wanted:
                yield from _verifying(product, prepared)
            if "G12" in wanted:
                yield from _verifying_again(product, prepared)
            if "G5" in wanted:
                yield from _issuing_without_record(product, prepared)
            if "G6" in wanted:
                yield from _issuing(product, prepared, copies[0])
        if "G6" in wanted:
            yield _issuing_batches(prepared, *copies[1:])


def _issuing(product: Process, prepared: instance.Prepared, copy: Path) -> Iterator[str]:
    with working("bench.inserting", copy) as floor:
        contest = Contest(
            number="G6",
            peer="core-transaction+ed25519",
            goal=0.6,
            ours=_issue(product, prepared).burst,
            theirs=floor.burst,
        )
        yield compete(contest)


def _issuing_batches(prepared: instance.Prepared, own: Path, copy: Path) -> str:
    """Return the line of batches of a hundred, in process; requests are awards."""
    with (
        working("bench.batching", own, prepared.provider, prepared.achievement) as product,
        working("bench.inserting", copy, "batches") as floor,
    ):
        contest = Contest(
            number="G6",
            peer="batch-of-100/batched-inserts",
            goal=0.5,
            ours=product.burst,
            theirs=floor.burst,
        )
        return compete(contest)


def _issuing_without_record(product: Process, prepared: instance.Prepared) -> Iterator[str]:
    """Yield what signing under a profile costs, each credential with an id of its own."""
    composed = a_credential("did:example:placeholder")
    del composed["issuer"]
    bodies = tuple(
        json.dumps({"credential": {**composed, "id": f"urn:uuid:{uuid4()}"}}).encode()
        for _ in range(MANY)
    )
    with serving("bench.floors:signing", {}) as floor:
        theirs = Load(pid=floor.pid, port=floor.port, path="/", bodies=bodies)
        for securing in ("vc+jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022"):
            ours = Load(
                pid=product.pid,
                port=product.port,
                path=f"/vc/issuers/{securing.replace('+', '-')}/credentials/issue",
                bodies=bodies,
                headers=(("Authorization", f"Bearer {prepared.api_key}"),),
            )
            yield compete(
                Contest(
                    number="G5",
                    peer=f"bare-asgi+ed25519/{securing}",
                    goal=0.7,
                    ours=ours.burst,
                    theirs=theirs.burst,
                )
            )


def _verifying(product: Process, prepared: instance.Prepared) -> Iterator[str]:
    strangers, strangers_key = _strangers_tokens()
    with (
        _floor(strangers_key) as strangers_floor,
        _floor(prepared.signer) as own_floor,
        serving("bench.peers:application", {}) as peer,
    ):
        foreign = _verify(product, VERIFICATIONS, *strangers).burst
        for each in (
            Contest(
                number="G4",
                peer="bare-asgi+ed25519/stranger's-jws-never-seen",
                goal=0.8,
                ours=foreign,
                theirs=_verify(strangers_floor, "/", *strangers).burst,
            ),
            Contest(
                number="G4",
                peer="bare-asgi+ed25519/own-award-again",
                goal=0.8,
                ours=_verify(product, VERIFICATIONS, prepared.token).burst,
                theirs=_verify(own_floor, "/", prepared.token).burst,
            ),
            Contest(
                number="G4",
                peer="openvc-core+fastapi/stranger's-jws-never-seen",
                goal=4,
                ours=foreign,
                theirs=_verify(peer, "/verify", *_peers_tokens()).burst,
            ),
        ):
            yield compete(each)


def _verifying_again(product: Process, prepared: instance.Prepared) -> Iterator[str]:
    """Yield what a credential costs that this server has verified before."""
    stranger = _strangers_tokens(1)[0][0]
    with serving("bench.peers:application", {}) as trivial:
        for token, whose in ((stranger, "stranger's-jws"), (prepared.token, "own-award")):
            for path in ("/nothing", "/read"):
                yield compete(
                    Contest(
                        number="G12",
                        peer=f"fastapi{path}/{whose}",
                        goal=0.9,
                        ours=_verify(product, VERIFICATIONS, token).burst,
                        theirs=_verify(trivial, path, token).burst,
                    )
                )


def _floor(public_key: bytes) -> AbstractContextManager[Process]:
    return serving("bench.floors:application", {floors.PUBLIC_KEY: public_key.hex()})


def _verify(process: Process, path: str, *tokens: str) -> Load:
    bodies = tuple(json.dumps({"document": token}).encode() for token in tokens)
    return Load(pid=process.pid, port=process.port, path=path, bodies=bodies)


def _issue(process: Process, prepared: instance.Prepared) -> Load:
    body = {
        "achievement": prepared.achievement,
        "subject": {"name": "Example Person (benchmark)", "birth_date": "1998-03-14"},
        "awarded_on": "2024-06-28",
    }
    return Load(
        pid=process.pid,
        port=process.port,
        path="/api/v1/credentials",
        bodies=(json.dumps(body).encode(),),
        headers=(("Authorization", f"Bearer {prepared.api_key}"),),
    )


def _strangers_tokens(number: int = MANY) -> tuple[list[str], bytes]:
    """Return the benchmarks' credential as tokens of one issuer whom no register knows."""
    signer = Ed25519Signer.generate()
    issuer = did_key(signer.public_key)
    kid = own_verification_method(issuer)
    credential = a_credential(issuer)
    tokens = [
        sign_vc_jwt({**credential, "id": f"urn:uuid:{uuid4()}"}, signer, kid=kid)
        for _ in range(number)
    ]
    return tokens, signer.public_key.raw


def _peers_tokens(number: int = MANY) -> list[str]:
    """Return the same credential as the peer reads it: within a `vc` claim."""
    key = Ed25519PrivateKey.generate()
    issuer = did_key(Ed25519Signer(key).public_key)
    peer_key = Ed25519SigningKey(key, own_verification_method(issuer))
    credential, suite = a_credential(issuer), VcJwtProofSuite()
    return [
        suite.sign({**credential, "id": f"urn:uuid:{uuid4()}"}, signing_key=peer_key)
        for _ in range(number)
    ]
